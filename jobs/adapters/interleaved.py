"""Predictions that run at once in one model host: each is a caller's, one thread reads for all."""

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from jobs.adapters.answer import Answer, only
from jobs.adapters.grace import Stop
from jobs.adapters.hostlogs import Tail
from jobs.core.errors import HostLost
from jobs.core.prediction import Failed, Result

#: how often it is looked whether a prediction is to stop
LOOK_S = 0.05


@dataclass
class _Mail:
    """What came for one prediction and was not looked at yet."""

    number: int
    box: "queue.SimpleQueue[Answer | HostLost]" = field(default_factory=queue.SimpleQueue)
    #: when it may be ended along with the process, since nobody waits for it any more
    over_at: float | None = None


class _Late:
    """Whether a prediction takes longer than it may."""

    def __init__(self, timeout_s: float) -> None:
        self._until = time.monotonic() + timeout_s
        self._is = False

    def __call__(self) -> bool:
        self._is = self._is or time.monotonic() > self._until
        return self._is

    def told(self, logs: str) -> Failed | None:
        """That it was late, if it was."""
        return Failed("timeout", "it took longer than the time allowed", logs) if self._is else None


class Interleaved:
    """Begins, follows and cancels predictions, whatever becomes of the others."""

    def __init__(
        self,
        send: Callable[[Any], None],
        receive: Callable[[], Answer | None],
        printed: Callable[[], str],
        kill: Callable[[], None],
        *,
        grace_s: float,
    ) -> None:
        """What the host does for it.

        Args:
            send: a command to the process, from any thread; raises HostLost.
            receive: the next answer, or None after a moment without one; raises HostLost.
            printed: what came out of the process on no prediction's behalf since the last call.
            kill: end the process: nothing that it does is wanted any more.
            grace_s: what one that nobody waits for has to clean up, where others run meanwhile.
        """
        self._send = send
        self._receive = receive
        self._printed = printed
        self._kill = kill
        self._grace_s = grace_s
        self._changed = threading.Condition()
        self._open: dict[int, _Mail] = {}
        self._numbers = itertools.count(1)
        self._reader: threading.Thread | None = None
        #: how long there was at least one
        self.busy_s = 0.0

    @contextmanager
    def kept_out(self) -> Iterator[bool]:
        """None begins within; False if some run already."""
        with self._changed:
            is_free = self._reader is None
            if is_free:
                self._reader = threading.current_thread()
        try:
            yield is_free
        finally:
            if is_free:
                with self._changed:
                    self._reader = None
                    self._changed.notify_all()

    def rest(self, limit_s: float | None = None) -> None:
        """Wait until nobody but this thread reads answers, so that it may."""
        free = (None, threading.current_thread())
        with self._changed:
            self._changed.wait_for(lambda: self._reader in free, limit_s)

    def run(
        self,
        message: dict[str, Any],
        timeout_s: float,
        tell: Callable[[Answer], None],
        on_logs: Callable[[str], None] | None,
        cancelled: Callable[[], bool],
        grace_s: float,
    ) -> Result | None:
        """Run one to its end; None if it was cancelled and took longer over that than its grace.

        What does not end goes on as long as others run, and ends with the process after that.
        """
        mail, tail, late = self._begun(), Tail(), _Late(timeout_s)
        stop = Stop(
            lambda: late() or cancelled(), grace_s, lambda: self._send({"cancel": mail.number})
        )
        grace_after_s = self._grace_s
        try:
            self._send(message | {"number": mail.number})
            while not stop():
                came = self._next(mail, tail, on_logs)
                if came is not None and came.op == "done":
                    return late.told(tail.text) or only(came, tail.text)
                if came is not None:
                    tell(came)
            grace_after_s = 0.0  # it had its time
            return late.told(tail.text)
        finally:
            self._leave(mail, grace_after_s)

    def _begun(self) -> _Mail:
        with self._changed:
            self._changed.wait_for(lambda: self._reader is None or self._open)
            mail = _Mail(next(self._numbers))
            self._open[mail.number] = mail
            if self._reader is None:
                self._reader = threading.Thread(target=self._read, name="host-answers", daemon=True)
                self._reader.start()
        return mail

    def _next(
        self, mail: _Mail, tail: Tail, on_logs: Callable[[str], None] | None
    ) -> Answer | None:
        """What came for it, printed text apart; raises HostLost, with what it printed."""
        try:
            came = mail.box.get(timeout=LOOK_S)
        except queue.Empty:
            return None
        if isinstance(came, HostLost):
            tail.add(came.logs)
            raise HostLost(came.reason, tail.text, came.detail)
        if came.op == "log":
            tail.add(came.value)
        if tail.has_news and (came.op != "log" or mail.box.empty()):  # many lines are told at once
            tail.has_news = False
            if on_logs is not None:
                on_logs(tail.text)
        return None if came.op == "log" else came

    def _leave(self, mail: _Mail, grace_s: float) -> None:
        """Nobody waits for it any more, whether it has ended or not."""
        with self._changed:
            if mail.number not in self._open:
                return
            mail.over_at = time.monotonic() + grace_s
            if self._is_over():
                self._kill()
                return
        with suppress(HostLost):
            self._send({"cancel": mail.number})

    def _is_over(self) -> bool:
        """Whether all that runs had its time."""
        now = time.monotonic()
        return all(mail.over_at is not None and now >= mail.over_at for mail in self._open.values())

    def _read(self) -> None:
        began = time.monotonic()
        try:
            while self._more(began):
                pass
        except HostLost as lost:
            with self._changed:
                for mail in self._open.values():
                    mail.box.put(lost)
                self._open.clear()
                self._end(began)

    def _end(self, began: float) -> None:
        self.busy_s += time.monotonic() - began
        self._reader = None
        self._changed.notify_all()

    def _more(self, began: float) -> bool:
        """Hand on what comes next; whether anybody waits for more."""
        answer, printed = self._receive(), self._printed()
        with self._changed:
            if printed:
                for mail in self._open.values():
                    mail.box.put(Answer("log", value=printed))
            if answer is not None:
                self._hand_on(answer)
            if not self._open:
                self._end(began)  # with the lock: whoever begins the next one starts a new reader
            elif self._is_over():
                self._kill()
            return bool(self._open)

    def _hand_on(self, answer: Answer) -> None:
        mail = self._open.get(answer.number)
        if mail is not None:
            mail.box.put(answer)
            if answer.op == "done":
                del self._open[answer.number]
