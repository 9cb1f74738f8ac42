"""Holding a lease while work goes on, and knowing at once when it must stop."""

import threading
import time
from collections.abc import Callable
from types import TracebackType

from jobs.core.errors import Fenced
from jobs.worker.alarm import ALARM
from jobs.worker.drain import Drain

#: How long a lease lasts. A killed worker's work is taken over once it and a round of the sweep are
#: over, which is to be within ten seconds of its death.
LEASE_S = 8.0
#: a renewal also says how far the work is, and hears that it should stop
RENEW_EVERY_S = 1.0


class Lease:
    """Renews from a thread of its own; `stop` is set when the work was asked to end early.

    The thread begins when the first renewal is due: most predictions have ended by then.

    The holder counts by its own monotonic clock: a renewal that does not come through in time
    loses the lease here, before the database gives it to someone else.

    What is still held when the `with` block ends in a hurry is handed back; `hand_back` does
    nothing where the work was committed.
    """

    def __init__(
        self,
        renew: Callable[[], str],
        hand_back: Callable[[], object] = bool,
        drain: Drain | None = None,
        lease_s: float = LEASE_S,
        first_s: float = RENEW_EVERY_S,
    ) -> None:
        """`first_s`: when it is renewed for the first time."""
        drain = drain or Drain()
        self._renew = renew
        self._hand_back = hand_back
        self._drain = drain
        self._lease_s = lease_s
        self._every_s = min(RENEW_EVERY_S, lease_s / 3)
        self._first_s = min(first_s, self._every_s)
        self._until = time.monotonic() + lease_s
        self._end = threading.Event()
        self._beginning = threading.Lock()
        self._thread: threading.Thread | None = None
        self.stop = threading.Event()
        #: it is to end at its next boundary, and nothing is to be cut short for that
        self.pause = threading.Event()
        self.lost = threading.Event()
        #: this process is about to end: what is not done is handed back
        self.back = drain.hurry

    def __enter__(self) -> "Lease":
        self._drain.hold(self, self.surrender)
        ALARM.after(self._first_s, self, self._begin)
        return self

    def _begin(self) -> None:
        with self._beginning:
            if not self._end.is_set():
                self._thread = threading.Thread(target=self._run, daemon=True, name="lease")
                self._thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._let_go()
        finally:
            self._drain.free(self)

    def surrender(self) -> None:
        """Hand the work back though somebody is still at it: what they make of it is refused."""
        self.lost.set()
        self._let_go()

    def _let_go(self) -> None:
        ALARM.off(self)
        with self._beginning:
            self._end.set()
        if self._thread is not None:
            self._thread.join()  # a renewal after the hand-back would take it again
        if self.back.is_set():
            self._hand_back()

    def check(self) -> None:
        """Raise Fenced once the lease is gone."""
        if self.lost.is_set():
            raise Fenced("the lease was lost")

    def proceed(self) -> None:
        """Raise Fenced unless the work should go on: for work that is done whole or not at all."""
        if self.ended():
            raise Fenced("the lease was lost, or is handed back")

    def ended(self) -> bool:
        """Whether the work should not go on."""
        return self.stop.is_set() or self.lost.is_set() or self.back.is_set()

    def _run(self) -> None:
        while not self._end.is_set():
            began = time.monotonic()
            try:
                answer = self._renew()
            except Exception:
                answer = "lost" if time.monotonic() > self._until else "unknown"
            if answer == "lost":
                self.lost.set()
                return
            if answer == "stop":
                self.stop.set()
            if answer == "pause":
                self.pause.set()
            if answer != "unknown":
                self._until = began + self._lease_s
            self._end.wait(self._every_s)
