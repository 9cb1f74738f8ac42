"""A few threads that do one thing after another for as long as there is something to do."""

import logging
import threading
from collections.abc import Callable

from jobs.worker.drain import Drain

log = logging.getLogger(__name__)


class Lanes:
    """At most so many threads; none while there is nothing to do.

    Which thing is next is for `run_next` to find out, which calls what it is given once it has
    found one, and answers False if there is none. One lane looks at a time: whoever finds
    something opens the next lane, so that a poke costs one look and not one for each lane. Once
    something failed no lane is opened before the next poke: it would find the same again at once.
    """

    def __init__(
        self, name: str, most: int, run_next: Callable[[Callable[[], None]], bool], drain: Drain
    ) -> None:
        self._name = name
        self._most = most
        self._run_next = run_next
        self._drain = drain
        self._lock = threading.Lock()
        self._pokes = 0
        self._failed_at = -1  # how many pokes there had been
        self._open: set[threading.Thread] = set()
        self._looking: set[threading.Thread] = set()

    def poke(self) -> bool:
        """There may be something to do, which is not waited for; False if no lane was free."""
        with self._lock:
            was_free = len(self._open) < self._most
            self._pokes += 1  # heard by a lane that has just found nothing
            self._open_one()
        return was_free

    def rest(self) -> bool:
        """Wait until its lanes have ended; False if there was none."""
        with self._lock:
            lanes = list(self._open)
        for lane in lanes:
            lane.join()
        return bool(lanes)

    def _open_one(self) -> None:
        """Unless one is looking already; to be called with the lock."""
        if self._looking or len(self._open) >= self._most or self._drain.ending.is_set():
            return
        lane = threading.Thread(target=self._run, name=self._name, daemon=True)
        lane.start()
        self._open.add(lane)
        self._looking.add(lane)

    def _found(self) -> None:
        with self._lock:
            self._looking.discard(threading.current_thread())
            if self._failed_at != self._pokes:
                self._open_one()

    def _run(self) -> None:
        heard = -1
        while not self._is_over(heard):
            heard = self._pokes
            try:
                while not self._drain.ending.is_set() and self._run_next(self._found):
                    self._look()
            except Exception:
                # what failed is due again, and the sweep rings again; not at once, nor for ever
                log.exception("%s: work failed", self._name)
                with self._lock:
                    heard = self._failed_at = self._pokes

    def _look(self) -> None:
        with self._lock:
            self._looking.add(threading.current_thread())

    def _is_over(self, heard: int) -> bool:
        with self._lock:
            over = heard == self._pokes or self._drain.ending.is_set()
            if over:
                self._open.discard(threading.current_thread())
                self._looking.discard(threading.current_thread())
            else:
                self._looking.add(threading.current_thread())
            return over
