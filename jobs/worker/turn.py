"""One turn at the model: its first rows are given at once, the others are read while it has those.

Between two turns the model waits for as long as a lot of rows takes to it and back. So a turn goes
on as long as nobody waits who has a batch of his own, and rows that cost next to nothing come by
the ten thousand. Read beforehand they would fill memory, and leave the processor's cache before
they are used.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from jobs.worker.ahead import PIECE_ROWS, Ahead, Plain
from jobs.worker.leases import Lease
from jobs.worker.refs import Ref

#: a turn of more rows than this is read bit by bit
WHOLE_ROWS = 16_384
#: a turn that goes on has so many times the rows that it was to have
LONGEST = 64


class Others(Protocol):
    """Who else waits for the model."""

    def is_wanted(self) -> bool:
        """Whether anybody does who is not of the same batch."""


class Turn:
    """The rows of one turn, and which of them have no result yet."""

    def __init__(self, groups: Plain | Ahead, most: int, lease: Lease, others: Others) -> None:
        """The next rows, at most so many before others have theirs; none once there are no more."""
        self._groups = groups
        self._lease = lease
        self._others = others
        #: how many it was to have
        self.asked = most
        #: so many are kept ready for the next turn
        self.ready = most if most <= WHOLE_ROWS else 2 * PIECE_ROWS
        first = groups.take(most if most <= WHOLE_ROWS else PIECE_ROWS)
        #: what the model is given of the first rows
        self.given = first.given
        self.rows = len(first.rows)
        self._left = most - self.rows if most > WHOLE_ROWS else 0
        self._renewed = 1
        self._open = list(first.rows)

    def more(self) -> Sequence[Any]:
        """What the model is given of the next few rows; nothing once it is somebody else's turn."""
        if self._lease.ended() or self._lease.pause.is_set() or not self._goes_on():
            return ()
        some = self._groups.more(self._left)
        self.rows += len(some.rows)
        self._left -= len(some.rows)
        self._open += some.rows
        return some.given

    def _goes_on(self) -> bool:
        if self._left <= 0 and self._renewed < LONGEST and not self._others.is_wanted():
            self._left, self._renewed = self.asked, self._renewed + 1
        return self._left > 0

    def settled(self, rows: int) -> list[Ref]:
        """The first so many rows that had no result, and have one now."""
        some = self._open[:rows]
        del self._open[:rows]
        self._groups.settled(len(some))
        return some
