"""Results are kept behind the back of whoever feeds the model: it need not wait for a disk."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from types import TracebackType

from jobs.core.lot import Lot
from jobs.worker.refs import Ref

#: lots that wait to be kept; their files lie on this machine until they are
MOST = 2
#: outputs that are larger together take longer to write than to have another thread do it
LARGE_BYTES = 2**18
#: keeps the results of some rows, the first of which has this number
Keep = Callable[[int, Sequence[Ref], Lot], None]


class Keeper:
    """Keeps lots in the order in which they are handed over.

    To store a thousand files takes as long as a pass on a good card. Small results are kept at
    once, which takes less than to have another thread do it.
    """

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="keeper")
        self._under_way: deque[Future[None]] = deque()
        #: after one was not kept, none behind it is: rows have no gap
        self._broken = False

    def __enter__(self) -> "Keeper":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """All that was handed over is kept by then, as far as it can be."""
        try:
            if error is None:
                self._settle(0)
        finally:
            self._pool.shutdown()

    def hand(self, number: int, rows: Sequence[Ref], lot: Lot) -> None:
        """Have the results of these rows kept; raises what keeping earlier ones raised."""
        self._settle(MOST)
        if not self._under_way and not lot.files and _size(lot) < LARGE_BYTES:
            self._keep(number, rows, lot)
            return
        kept = self._pool.submit(copy_context().run, self._next, number, rows, lot)
        self._under_way.append(kept)

    def _settle(self, most: int) -> None:
        while len(self._under_way) > most or (self._under_way and self._under_way[0].done()):
            self._under_way.popleft().result()

    def _next(self, number: int, rows: Sequence[Ref], lot: Lot) -> None:
        if self._broken:
            return
        try:
            self._keep(number, rows, lot)
        except BaseException:
            self._broken = True
            raise


def _size(lot: Lot) -> int:
    """About, by its first row: a million rows that cost nothing pass through here."""
    return len(lot.outputs[0]) * len(lot)
