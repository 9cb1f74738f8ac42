"""How long a model that keeps on dying stays down before it is loaded again."""

import time
from collections.abc import Callable

#: the first losses cost nothing: rows that end their process are found one by one
FREE = 3
FIRST_S, MOST_S = 0.1, 2.0


class Respawn:
    """Counts the losses since something last went well."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._losses = 0
        self._since = 0.0

    def lost(self) -> None:
        """Its process ended, or setup() failed."""
        self._losses += 1
        self._since = self._clock()

    def well(self) -> None:
        """It did what it was asked."""
        self._losses = 0

    def wait_s(self) -> float:
        """How long it should stay down from now on."""
        if self._losses <= FREE:
            return 0.0
        pause_s = min(FIRST_S * 2.0 ** min(self._losses - FREE - 1, 20), MOST_S)
        return max(0.0, self._since + pause_s - self._clock())
