"""Run rows so that one bad row costs one row, whatever it does to its process."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from jobs.core.errors import HostLost, SetupFailed
from jobs.core.lot import Lot
from jobs.core.prediction import Failed
from jobs.core.version import Version
from jobs.ports import Host, More
from jobs.worker.warm import Warm

#: what a cancelled batch waits for the rows under way before their process is ended
GRACE_S = 5.0
#: what may have been a pass of too many rows, if none of them does it alone
CROWDED = {"crashed", "killed", "memory"}
#: so often a row may be alone when its process is lost, before it is to blame. Whoever is ended by
#: SIGKILL did not crash: the kernel, out of memory, ends whom it likes, and so do people
CHANCES = {"killed": 2}
CODES = {"crashed": "worker_crashed", "timeout": "timeout", "memory": "out_of_memory"}
DISK_FULL = "disk_full"
#: so often a row may find the disk full that has room when we look: it is the row that fills it
ROOM_TRIES = 3


class _Waiting:
    """Rows that have no result yet; more of them may come while the first ones run."""

    def __init__(self, rows: Sequence[Any], more: More) -> None:
        self.rows = list(rows)
        self._more = more

    def more(self) -> Sequence[Any]:
        """Those that come behind them now."""
        some = self._more()
        self.rows += some
        return some

    def settled(self, rows: int) -> None:
        """The first so many have their results."""
        del self.rows[:rows]


class RowRunner:
    """Runs the rows of one version in lots, and alone where a lot brought the host down."""

    def __init__(
        self,
        warm: Warm,
        version: Version,
        timeout_s: float,
        files: Path,
        *,
        first: bool = False,
        of: str = "",
    ) -> None:
        """`files`: the folder for output files, which are the caller's; `of`: the batch.

        Who is not `first` waits at the host for those who are.
        """
        self._warm = warm
        self._files = files
        self._version = version
        self._timeout_s = timeout_s
        self._lot = 1
        self._first, self._of = first, of
        #: how long the model has been at work
        self.seconds = 0.0
        #: rows that share a forward pass; 0 as long as none are known to
        self.pass_rows = warm.pass_rows(version)

    def run(
        self, inputs: Sequence[Any], cancelled: Callable[[], bool], more: More = tuple
    ) -> Iterator[Lot]:
        """Results in order, lot by lot; they end early once `cancelled` is true.

        `more` is asked for further rows when there is room for them, until it gives none.

        Whoever takes the results holds the host meanwhile, which computes on; with the last lot it
        is free for others.

        Raises:
            OSError: the disk is full, and not of what these rows wrote.
        """
        waiting = _Waiting(inputs, more)
        while waiting.rows and not cancelled():
            try:
                for lot in _roomy(self._lots(waiting, cancelled)):
                    waiting.settled(len(lot))
                    yield lot
            except HostLost as lost:
                for lot in self._apart(waiting.rows[: self._lot], lost, cancelled):
                    waiting.settled(len(lot))
                    yield lot

    def whole_passes(self, rows: int) -> int:
        """About so many rows, of which the model's last pass is not a small one.

        Two passes at least, however long they take: more rows in a pass may be the way to speed,
        and nobody finds out who gives them one by one.
        """
        if not self.pass_rows:
            return rows
        return max(2, round(rows / self.pass_rows)) * self.pass_rows

    def is_wanted(self) -> bool:
        """Whether anybody else waits for the host, of other batches that is."""
        return self._warm.is_wanted(self._version, self._of)

    def _lots(self, waiting: _Waiting, cancelled: Callable[[], bool]) -> Iterator[Lot]:
        with ExitStack() as turn:
            taking = self._warm.host(self._version, first=self._first, of=self._of)
            host = turn.enter_context(taking)
            turn.enter_context(self._counted(host))
            self._lot = host.lot
            for lot in host.run(
                waiting.rows[:],
                more=waiting.more,
                files=self._files,
                timeout_s=self._timeout_s,
                cancelled=cancelled,
                grace_s=GRACE_S,
                passes=self._warm.sizes.of(self._version.id),
            ):
                if len(lot) == len(waiting.rows):
                    turn.close()  # while the last results are kept, the host is somebody else's
                yield lot

    @contextmanager
    def _counted(self, host: Host) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds += time.monotonic() - began
            self.pass_rows = host.pass_rows
            self._warm.sizes.found(self._version.id, host.found_rows)

    def _apart(
        self, rows: Sequence[Any], lost: HostLost, cancelled: Callable[[], bool]
    ) -> Iterator[Lot]:
        """One by one: bisection would cost a setup() at every step, this costs one per bad row.

        A row that was alone when its process died is tried once more, as those in company are. A
        row that hangs is not waited for twice.
        """
        if len(rows) == 1 and lost.reason == "timeout":
            yield Lot.of(failed(lost))
            return
        harmless = len(rows) > 1 and lost.reason in CROWDED
        for row in rows:
            fell = 0
            while True:
                try:
                    lots = self._alone(row, cancelled)
                except HostLost as again:
                    fell, harmless = fell + 1, False
                    if fell < CHANCES.get(again.reason, 1):
                        continue
                    lots = [Lot.of(failed(again))]
                break
            if not lots:  # cancelled
                return
            yield from lots
        if harmless:
            self._warm.sizes.too_many(self._version.id, len(rows))

    def _alone(self, row: Any, cancelled: Callable[[], bool]) -> list[Lot]:
        """What a row gives; whatever rows before it left on the disk is gone by now."""
        for _ in range(ROOM_TRIES):
            lots = list(self._lots(_Waiting([row], tuple), cancelled))
            if all(_place_without_room(lot) is None for lot in lots):
                break
            self._warm.check_room()
        return lots


def _roomy(lots: Iterator[Lot]) -> Iterator[Lot]:
    """The results before the first row that found no room on the disk.

    Raises:
        HostLost: there is such a row; it and those after it are to be tried apart.
    """
    for lot in lots:
        at = _place_without_room(lot)
        if at is None:
            yield lot
            continue
        if at:
            yield lot.first(at)
        raise HostLost(DISK_FULL, lot.logs, "there was no room on the disk")


def _place_without_room(lot: Lot) -> int | None:
    places = (at for at, failure in lot.failures.items() if failure.code == DISK_FULL)
    return min(places, default=None)


def failed(lost: HostLost) -> Failed:
    """What a row gets that brought its process down."""
    return Failed(CODES.get(lost.reason, "worker_crashed"), f"on this row {lost.detail}", lost.logs)


def setup_failed(error: SetupFailed) -> Failed:
    """What a row gets whose model cannot be loaded any more."""
    return Failed("setup_failed", str(error), error.logs)
