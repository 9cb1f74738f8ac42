"""One turn at the model: its first rows are given at once, the others are read while it has those.

Between two turns the model waits for as long as a lot of rows takes to it and back, so rows that
cost next to nothing had better come by the ten thousand. Read beforehand they would fill memory,
and leave the processor's cache before they are used.
"""

from collections.abc import Sequence
from typing import Any

from jobs.worker.ahead import PIECE_ROWS, Ahead, Plain
from jobs.worker.leases import Lease
from jobs.worker.refs import Ref

#: a turn of more rows than this is read bit by bit
WHOLE_ROWS = 16_384


class Turn:
    """The rows of one turn, and which of them have no result yet."""

    def __init__(self, groups: Plain | Ahead, most: int, lease: Lease) -> None:
        """The next rows, at most so many; none once there are no more."""
        self._groups = groups
        self._lease = lease
        #: so many are kept ready for the next turn
        self.ready = most if most <= WHOLE_ROWS else 2 * PIECE_ROWS
        first = groups.take(most if most <= WHOLE_ROWS else PIECE_ROWS)
        #: what the model is given of the first rows
        self.given = first.given
        self.rows = len(first.rows)
        self._left = most - self.rows if most > WHOLE_ROWS else 0
        self._open = list(first.rows)

    def more(self) -> Sequence[Any]:
        """What the model is given of the next few rows; nothing once it is somebody else's turn."""
        if not self._left or self._lease.ended() or self._lease.pause.is_set():
            return ()
        some = self._groups.more(self._left)
        self.rows += len(some.rows)
        self._left -= len(some.rows)
        self._open += some.rows
        return some.given

    def settled(self, rows: int) -> list[Ref]:
        """The first so many rows that had no result, and have one now."""
        some = self._open[:rows]
        del self._open[:rows]
        return some
