"""What the hosts of each version found out here about their passes, for the next ones of it."""

import threading
import time
from collections.abc import Callable

from jobs.core.passes import UNKNOWN, Passes

#: versions that are remembered
KEPT = 256
#: what brought a host down may have been the memory that others held: it is tried again after this
HELD_S = 600.0


class Sizes:
    """Forgets with the worker: another one has other hardware, and a search takes a few passes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found: dict[str, int] = {}
        #: (most rows, until when that holds), by version
        self._most: dict[str, tuple[int, float]] = {}

    def of(self, version: str) -> Passes:
        """What a host of the version may begin with, and must not go beyond."""
        with self._lock:
            most = self._held(version)
            begin = self._found.get(version, 0)
        if not begin and not most:
            return UNKNOWN
        return Passes(min(begin, most) if most else begin, most)

    def found(self, version: str, rows: int) -> None:
        """A host's search for the best size ended with so many; 0: it has not ended."""
        if rows:
            with self._lock:
                self._found.pop(version, None)
                self._found[version] = rows
                if len(self._found) > KEPT:
                    del self._found[next(iter(self._found))]

    def too_many(self, version: str, rows: int) -> None:
        """Of a host that had so many rows the process was lost, and none of them was to blame.

        They were two passes or more, as a rule; a second loss tells of a pass that was held.
        """
        with self._lock:
            most = min(rows // 4, (self._held(version) or rows) // 2)
            self._most[version] = max(1, most), self._clock() + HELD_S

    def _held(self, version: str) -> int:
        most, until = self._most.get(version, (0, 0.0))
        if until <= self._clock():
            self._most.pop(version, None)
            return 0
        return most
