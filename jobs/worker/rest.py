"""When it is worth a look whether something is to be delivered: at rest, when somebody says so."""

import time
from collections.abc import Callable

#: for so long one looks without being told, at the most
QUIET_S = 0.25
#: who was told, or found something, goes on looking for so long: others are not told again at once
AWAKE_S = 1.0
#: and who found something that nobody had told of: then what is told is lost, or time made it due
LOST_S = 10.0


class Rest:
    """Waits until somebody tells of something, but never for long: what is told may be lost.

    Whether or not it is told of, it finds all there is: a look asks the store.
    """

    def __init__(
        self,
        told: Callable[[float], bool | None],
        awake_s: float = AWAKE_S,
        lost_s: float = LOST_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`told`: waits for so many seconds; whether it was told, None if it cannot be."""
        self._wait = told
        self._awake_s = awake_s
        self._lost_s = lost_s
        self._clock = clock
        self._awake_until = 0.0
        self._told: bool | None = None

    def __call__(self) -> None:
        """Until it is time to look."""
        if self._clock() < self._awake_until:
            return
        self._told = self._wait(QUIET_S)
        if self._told:
            self._awake_until = self._clock() + self._awake_s

    def after(self, found: int) -> None:
        """It looked, and found so much."""
        if found:
            awake_s = self._lost_s if self._told is False else self._awake_s
            self._awake_until = max(self._awake_until, self._clock() + awake_s)
