"""Many POSTs at once, each bounded in time and bytes, none to a private address."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pycurl

from webhooks.addresses import Network
from webhooks.attempt import Attempt, Request
from webhooks.deliveries import Outcome
from webhooks.errors import ConfigurationError

__all__ = ["Request", "Sender"]

#: select() knows no descriptor beyond 1023; what happens there is seen after so long
LOOK_S = 0.05
UNWATCHED_S = 0.005


class Sender:
    """libcurl's multi interface: a slow receiver holds its own socket and nothing else.

    Keep one for as long as the process sends: it keeps connections open between attempts. One
    thread drives it. Names are looked up in libcurl's threads, under the same total time.
    """

    def __init__(
        self, *, allow: Sequence[Network] = (), timeout_s: float = 15.0, at_once: int = 64
    ) -> None:
        if timeout_s <= 0 or at_once < 1:
            raise ConfigurationError("a sender's timeout_s and at_once are more than 0")
        self._allow = tuple(allow)
        self._timeout_s = timeout_s
        self._at_once = at_once
        self._flying: dict[Any, Attempt] = {}
        self._idle: list[Attempt] = []
        self._ended: list[tuple[str, Outcome]] = []
        self._multi: Any = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, at_once)
        self._multi.setopt(pycurl.M_MAXCONNECTS, at_once)

    @property
    def room(self) -> int:
        """How many more attempts may be launched now."""
        return self._at_once - len(self._flying)

    def launch(self, request: Request) -> None:
        """Begin an attempt; whatever is wrong with it, its outcome comes out of `turn`."""
        attempt = self._idle.pop() if self._idle else Attempt(self._allow, self._timeout_s)
        try:
            attempt.begin(request)
        except (pycurl.error, UnicodeError, ValueError, TypeError):
            attempt.close()
            reason = "the address or a header cannot be sent"
            self._ended.append((request.id, Outcome(None, reason, 0.0)))
            return
        self._flying[attempt.curl] = attempt
        self._multi.add_handle(attempt.curl)

    def turn(self, wait_s: float) -> list[tuple[str, Outcome]]:
        """Move every attempt on, waiting at most `wait_s` for something to happen.

        Returns:
            The ids whose attempts have ended since the last turn, with what came of them.
        """
        self._multi.perform()
        self._collect()
        if not self._ended and self._flying and wait_s > 0:
            self._wait(wait_s)
            self._multi.perform()
            self._collect()
        ended, self._ended = self._ended, []
        return ended

    def send(self, requests: Sequence[Request], done: Callable[[str, Outcome], None]) -> None:
        """Make every attempt, to the last; `done` is told each outcome as it comes."""
        waiting = list(reversed(requests))
        left = len(waiting)
        while left:
            while waiting and self.room:
                self.launch(waiting.pop())
            for id, outcome in self.turn(1.0):
                left -= 1
                done(id, outcome)

    def close(self) -> None:
        """Drop what is under way and every connection."""
        for attempt in self._flying.values():
            self._multi.remove_handle(attempt.curl)
        for attempt in [*self._flying.values(), *self._idle]:
            attempt.close()
        self._flying.clear()
        self._idle.clear()
        # waits for lookups that hang; nobody else should
        threading.Thread(target=self._multi.close, daemon=True, name="webhooks-close").start()

    def _wait(self, wait_s: float) -> None:
        """Until a socket is ready or libcurl has something to do, and not for long."""
        soon_ms = self._multi.timeout()
        if soon_ms >= 0:
            wait_s = min(wait_s, soon_ms / 1000)
        wait_s = min(wait_s, LOOK_S)
        if wait_s > 0 and self._multi.select(wait_s) < 0:  # there is no socket that it may watch
            time.sleep(min(wait_s, UNWATCHED_S))

    def _collect(self) -> None:
        more = 1
        while more:
            more, good, bad = self._multi.info_read()
            for curl, error in [(curl, None) for curl in good] + [(c, e) for c, e, _ in bad]:
                attempt = self._flying.pop(curl)
                self._multi.remove_handle(curl)
                self._ended.append((attempt.id, attempt.outcome(error)))
                attempt.end()
                self._idle.append(attempt)
