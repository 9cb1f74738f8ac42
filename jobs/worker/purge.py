"""Remove for good: what has ended for longer than it is to be kept, and what its owner removed."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from jobs.core.errors import Conflict, NotFound
from jobs.ports import Blobs, Clock, Store
from jobs.worker.tidy import AGAIN_S

log = logging.getLogger(__name__)

#: so many at a time
LOT = 100


@dataclass(frozen=True)
class Removed:
    """How many of each were removed, or would be."""

    batches: int = 0
    predictions: int = 0
    trainings: int = 0
    files: int = 0


class Purge:
    """Several processes may do so at once, and again after a crash.

    First the database forgets, so that nobody finds what is half gone, and notes what objects must
    go; then they go. What could not be emptied comes again.
    """

    def __init__(self, store: Store, blobs: Blobs, clock: Clock, keep: timedelta | None) -> None:
        """`keep`: for how long what has ended is kept; for ever without."""
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._keep = keep

    def run(self) -> None:
        """One round: uploads whose time is over, some of what is too old, and all that is noted."""
        _each(self._store.removals.file, self._store.removals.expired_files(LOT))
        if self._keep is not None:
            gone = self.older(self._clock() - self._keep, LOT)
            if gone != Removed():
                log.info("kept for long enough and removed: %s", _told(gone))
        self.empty()

    def older(self, before: datetime, most: int) -> Removed:
        """Forget up to so many of each kind that ended, or were uploaded, before."""
        gone = self._store.removals
        gone.old_notices(before, most)
        return Removed(
            batches=_each(gone.batch, gone.old_batches(before, most)),
            predictions=_each(gone.prediction, gone.old_predictions(before, most)),
            trainings=_each(gone.prediction, gone.old_trainings(before, most)),
            files=_each(gone.file, gone.old_files(before, most)),
        )

    def count(self, before: datetime, most: int) -> Removed:
        """What `older` would forget."""
        gone = self._store.removals
        return Removed(
            batches=len(gone.old_batches(before, most)),
            predictions=len(gone.old_predictions(before, most)),
            trainings=len(gone.old_trainings(before, most)),
            files=len(gone.old_files(before, most)),
        )

    def empty(self) -> None:
        """Remove the objects of what is forgotten."""
        while removal := self._store.removals.due(AGAIN_S):
            self._blobs.delete(stat.key for stat in self._blobs.list(removal.prefix))
            self._store.removals.emptied(removal)


def _told(gone: Removed) -> str:
    return ", ".join(f"{name}: {count}" for name, count in asdict(gone).items())


def _each(forget: Callable[[str], None], ids: list[str]) -> int:
    done = 0
    for id in ids:
        try:
            forget(id)
        except (Conflict, NotFound):  # somebody retries it now, or was first
            continue
        done += 1
    return done
