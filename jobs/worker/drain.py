"""How a process that was told to end comes to its end: nothing new, then nothing at all."""

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

#: how long work that is to be handed back may take to come to a boundary before it is left
#: behind; more than the rows under way are given (`rows.GRACE_S`)
BOUNDARY_S = 8.0


class Drain:
    """`ending`: take nothing new. `hurry`: hand back what is not done yet."""

    def __init__(self) -> None:
        self.ending = threading.Event()
        self.hurry = threading.Event()
        self._changed = threading.Condition()
        self._held: dict[object, Callable[[], None]] = {}

    def begin(
        self,
        grace_s: float,
        abandon: Callable[[], None] | None = None,
        boundary_s: float = BOUNDARY_S,
    ) -> None:
        """What is under way has so long to be done; told twice, it goes on as before.

        Args:
            abandon: called after work that came to no boundary was handed back although a
                thread is still at it: a thread cannot be ended, so the process should.
        """
        if self.ending.is_set():
            return
        self.ending.set()
        arguments = (grace_s, boundary_s, abandon)
        threading.Thread(target=self._run, args=arguments, daemon=True, name="drain").start()

    def hold(self, key: object, surrender: Callable[[], None]) -> None:
        """Remember something that is held, and how it is given up."""
        with self._changed:
            self._held[key] = surrender

    def free(self, key: object) -> None:
        """It is held no longer."""
        with self._changed:
            self._held.pop(key, None)
            self._changed.notify_all()

    def _run(self, grace_s: float, boundary_s: float, abandon: Callable[[], None] | None) -> None:
        time.sleep(grace_s)
        self.hurry.set()
        with self._changed:
            if self._changed.wait_for(lambda: not self._held, boundary_s):
                return
            left = list(self._held.values())
        for surrender in left:
            try:
                surrender()
            except Exception:
                log.exception("work could not be handed back; its lease runs out by itself")
        log.warning("%d pieces of work were handed back while they were being done", len(left))
        if abandon is not None:
            abandon()
