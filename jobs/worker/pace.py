"""How long single predictions of each version take of late, as seen by this process."""

import threading

#: predictions that are claimed together have ended within about so long: another worker might have
#: begun the last of them meanwhile
BURST_S = 0.1
#: a burst's most, and how many versions are remembered
MOST, KEPT = 64, 256
#: what an observation that is quicker than expected counts
_WEIGHT = 0.2


class Paces:
    """A slow one counts at once, quick ones only as they go on being quick."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._lock = threading.Lock()

    def note(self, version: str, seconds: float) -> None:
        """One prediction took so long."""
        with self._lock:
            before = self._seconds.pop(version, seconds)
            self._seconds[version] = max(seconds, before + _WEIGHT * (seconds - before))
            if len(self._seconds) > KEPT:
                del self._seconds[next(iter(self._seconds))]

    def at_once(self, version: str) -> int:
        """How many end within a burst; 0 as long as nothing is known, or if not even one does."""
        with self._lock:
            seconds = self._seconds.get(version)
        return 0 if seconds is None else min(MOST, int(BURST_S / max(seconds, 1e-6)))
