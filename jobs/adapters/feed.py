"""What a run gives a host, lot by lot: enough that it never waits, and no more than it needs."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from jobs.ports import More

#: lots under way at most
IN_FLIGHT = 8
#: what was not given at the beginning is asked for when the host has so much left to do
AHEAD_S = 0.25


class Feed:
    """The rows of a run: those that are known, and those that `more` gives while they run.

    Of what is under way somebody else may have to wait for the end, so what comes later is fetched
    as late as it can be.
    """

    def __init__(
        self,
        inputs: Sequence[Any],
        more: More,
        lot: int,
        cancelled: Callable[[], bool],
        row_s: float | None = None,
    ) -> None:
        """`lot`: rows at a time; nothing is due any more once `cancelled` is true.

        `row_s`: how long a row took the host last, which is good for one lot more.
        """
        self._cancelled = cancelled
        self._known = len(inputs)
        self._lots = self._cut(inputs, more, lot)
        self._flying: deque[int] = deque()
        self._guess_s = row_s
        #: how long a row takes, as far as these rows have told
        self.row_s: float | None = None
        self._since = time.monotonic()
        self._is_over = False

    @property
    def is_flying(self) -> bool:
        """Whether a lot has no answer yet."""
        return bool(self._flying)

    @property
    def is_due(self) -> bool:
        """Whether the host had better be given another lot now."""
        if self._is_over or len(self._flying) >= IN_FLIGHT or self._cancelled():
            return False
        if self._known or not self._flying:
            return True
        row_s = self._guess_s if self.row_s is None else self.row_s
        if row_s is None:
            return False
        left_s = sum(self._flying) * row_s - (time.monotonic() - self._since)
        return left_s < AHEAD_S

    def due(self) -> Iterator[Sequence[Any]]:
        """The lots that are to be given now; they are under way from here on."""
        while self.is_due:
            lot = next(self._lots, ())
            if not lot:
                self._is_over = True
                return
            if not self._flying:
                self._since = time.monotonic()
            if not self._known:
                self._guess_s = None
            self._known -= min(self._known, len(lot))
            self._flying.append(len(lot))
            yield lot

    def answered(self, rows: int, *, ends: bool) -> None:
        """So many rows of the first lot have their results; `ends`: the others had theirs."""
        now = time.monotonic()
        self._flying[0] -= rows
        if ends:
            self._flying.popleft()
        self.row_s, self._since = (now - self._since) / max(1, rows), now

    @staticmethod
    def _cut(inputs: Sequence[Any], more: More, lot: int) -> Iterator[Sequence[Any]]:
        while inputs:
            for at in range(0, len(inputs), lot):
                yield inputs[at : at + lot]
            inputs = more()
