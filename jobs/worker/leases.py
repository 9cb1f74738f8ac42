"""Holding a lease while work goes on, and knowing at once when it must stop."""

import threading
import time
from collections.abc import Callable
from types import TracebackType

from jobs.core.errors import Fenced

#: How long a lease lasts; a killed worker's work is taken over after this.
LEASE_S = 10.0
#: a renewal also says how far the work is, and hears that it should stop
RENEW_EVERY_S = 1.0


class Lease:
    """Renews from a thread of its own; `stop` is set when the work was asked to end early.

    The holder counts by its own monotonic clock: a renewal that does not come through in time
    loses the lease here, before the database gives it to someone else.
    """

    def __init__(self, renew: Callable[[], str], lease_s: float = LEASE_S) -> None:
        self._renew = renew
        self._lease_s = lease_s
        self._until = time.monotonic() + lease_s
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="lease")
        self.stop = threading.Event()
        self.lost = threading.Event()
        #: this process is about to end: what is not done is handed back
        self.back = threading.Event()

    def __enter__(self) -> "Lease":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()

    def check(self) -> None:
        """Raise Fenced once the lease is gone."""
        if self.lost.is_set():
            raise Fenced("the lease was lost")

    def ended(self) -> bool:
        """Whether the work should not go on."""
        return self.stop.is_set() or self.lost.is_set() or self.back.is_set()

    def _run(self) -> None:
        while not self._end.wait(min(RENEW_EVERY_S, self._lease_s / 3)):
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
            if answer == "back":
                self.back.set()
            if answer != "unknown":
                self._until = began + self._lease_s
