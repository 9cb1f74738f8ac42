"""How much memory a model and what it started hold, and whether that is too much."""

import os
import time
from contextlib import suppress
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
LOOK_EVERY_S = 0.25
_SESSION, _PAGES = 3, 21  # fields of /proc/PID/stat behind the name


class Memory:
    """Watches a host's session of processes; one that began a session of its own is not seen."""

    def __init__(self, session: int, limit_bytes: int | None) -> None:
        self._session = session
        self._limit = limit_bytes
        self._looked_at = 0.0
        #: whether there was too much
        self.exceeded = False

    def is_too_much(self) -> bool:
        """Whether it holds more than it may; looks now and then."""
        now = time.monotonic()
        if self._limit is not None and now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            self.exceeded = self.exceeded or used_bytes(self._session) > self._limit
        return self.exceeded

    @property
    def told(self) -> str:
        """What to say of one that held too much."""
        limit_gb = (self._limit or 0) / 10**9
        return f"the model held more than the {limit_gb:g} GB of memory that it may have here"


def used_bytes(session: int) -> int:
    """What is resident of the processes of a session; what they share counts for each."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if int(fields[_SESSION]) == session:
                total += int(fields[_PAGES]) * PAGE_BYTES
    return total
