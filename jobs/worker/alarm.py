"""Calls that are due after a while; nearly all are called off before, and cost next to nothing."""

import logging
import threading
import time
from collections.abc import Callable, Hashable

log = logging.getLogger(__name__)
#: how late a call may be
TICK_S = 0.1


class Alarm:
    """One thread for all of them, which sleeps while there is none.

    What it calls is to be quick; what is not starts a thread of its own.
    """

    def __init__(self) -> None:
        self._set = threading.Condition()
        self._calls: dict[Hashable, tuple[float, Callable[[], object]]] = {}
        self._thread: threading.Thread | None = None

    def after(self, seconds: float, key: Hashable, call: Callable[[], object]) -> None:
        """Have it called after so long, unless `off` is called with the key."""
        due = time.monotonic() + seconds
        with self._set:
            self._calls[key] = due, call
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="alarm")
                self._thread.start()
            elif len(self._calls) == 1:
                self._set.notify()

    def off(self, key: Hashable) -> None:
        """Forget it."""
        with self._set:
            self._calls.pop(key, None)

    def _run(self) -> None:
        while True:
            with self._set:
                self._set.wait_for(lambda: self._calls)
            time.sleep(TICK_S)
            for call in self._due():
                try:
                    call()
                except Exception:
                    log.exception("a call that was due failed")

    def _due(self) -> list[Callable[[], object]]:
        now = time.monotonic()
        with self._set:
            keys = [key for key, (due, _) in self._calls.items() if due <= now]
            return [self._calls.pop(key)[1] for key in keys]


ALARM = Alarm()
