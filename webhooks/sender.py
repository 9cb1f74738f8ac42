"""Many POSTs at once, each bounded in time and bytes, none to a private address."""

import selectors
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

_EVENTS = {
    pycurl.POLL_IN: selectors.EVENT_READ,
    pycurl.POLL_OUT: selectors.EVENT_WRITE,
    pycurl.POLL_INOUT: selectors.EVENT_READ | selectors.EVENT_WRITE,
}


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
        self._ended: list[tuple[str, Outcome]] = []
        self._due: float | None = None
        self._selector = selectors.DefaultSelector()
        self._multi: Any = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, at_once)
        self._multi.setopt(pycurl.M_MAXCONNECTS, at_once)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._remind)

    @property
    def room(self) -> int:
        """How many more attempts may be launched now."""
        return self._at_once - len(self._flying)

    def launch(self, request: Request) -> None:
        """Begin an attempt; whatever is wrong with it, its outcome comes out of `turn`."""
        try:
            attempt = Attempt(request, self._allow, self._timeout_s)
        except (pycurl.error, UnicodeError, ValueError, TypeError):
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
        if self._ended:
            wait_s = 0.0
        ready = self._selector.select(self._patience_s(wait_s))
        for key, mask in ready:
            told = mask & selectors.EVENT_READ and pycurl.CSELECT_IN
            told |= mask & selectors.EVENT_WRITE and pycurl.CSELECT_OUT
            self._multi.socket_action(key.fd, told)
        if self._due is not None and time.monotonic() >= self._due:
            self._due = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
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
            attempt.close()
        self._flying.clear()
        # waits for lookups that hang; nobody else should
        threading.Thread(target=self._multi.close, daemon=True, name="webhooks-close").start()
        self._selector.close()

    def _patience_s(self, wait_s: float) -> float:
        if self._due is None:
            return wait_s
        return max(0.0, min(wait_s, self._due - time.monotonic()))

    def _watch(self, event: int, descriptor: int, multi: Any, data: Any) -> None:
        """libcurl says which of its sockets it waits for."""
        if event == pycurl.POLL_REMOVE:
            self._selector.unregister(descriptor)
        elif descriptor in self._selector.get_map():
            self._selector.modify(descriptor, _EVENTS[event])
        else:
            self._selector.register(descriptor, _EVENTS[event])

    def _remind(self, timeout_ms: int) -> None:
        """libcurl says when it wants to be called though no socket is ready."""
        self._due = None if timeout_ms < 0 else time.monotonic() + timeout_ms / 1000

    def _collect(self) -> None:
        more = 1
        while more:
            more, good, bad = self._multi.info_read()
            for curl, error in [(curl, None) for curl in good] + [(c, e) for c, e, _ in bad]:
                attempt = self._flying.pop(curl)
                self._multi.remove_handle(curl)
                self._ended.append((attempt.id, attempt.outcome(error)))
                attempt.close()
