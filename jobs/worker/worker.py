"""What a worker does when the bell rings, and what the sweep rings for."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from jobs.core.batch import Batch, State
from jobs.core.errors import IllegalMove, JobsError
from jobs.core.prediction import Kind
from jobs.ports import Bell, Clock, Scaler, Store
from jobs.worker.drain import Drain
from jobs.worker.finalize import Finalize
from jobs.worker.lanes import Lanes
from jobs.worker.leases import LEASE_S
from jobs.worker.shard import Shards
from jobs.worker.validate import Validate

log = logging.getLogger(__name__)
#: shards at a time: one has the model while the other brings inputs or stores results
SHARDS_AT_ONCE = 2
#: batches that are validated or finalized at a time
CHORES_AT_ONCE = 4
#: of which so many may be large ones, which take minutes: a small one is not to wait for these
LARGE_AT_ONCE, LARGE_BYTES = 2, 16 * 2**20


class Worker:
    """Answers the bell. Which batch is next is the database's to say, whichever was rung for."""

    def __init__(
        self,
        store: Store,
        bell: Bell,
        validate: Validate,
        shards: Shards,
        finalize: Finalize,
        answers: Mapping[str, Callable[..., object]],
        drain: Drain,
    ) -> None:
        """`answers`: what is done for what is no batch, with its id and what it is like."""
        self._store = store
        self._bell = bell
        self._drain = drain
        self._validate = validate
        self._shards = shards
        self._finalize = finalize
        self._answers = answers
        self._busy: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._large = 0
        self._seats = threading.Lock()
        self._rows = Lanes("shards", SHARDS_AT_ONCE, self._next_shard, drain)
        self._chores = Lanes("chores", CHORES_AT_ONCE, self._next_chore, drain)

    def answer(self, what: str, id: str, like: Kind | None = None) -> None:
        """Do what is due for one thing; errors are logged, the sweep rings again.

        A batch is not waited for: see `rest`.
        """
        if self._drain.ending.is_set():
            return
        if what == "batch":
            self._chores.poke()
            self._poke_rows()
            return
        with self._lock:
            if (what, id) in self._busy:
                return
            self._busy.add((what, id))
        try:
            self._answers[what](id, *([like] if like is not None else []))
        except Exception:
            log.exception("work failed", extra={"action": what, "id": id})
        finally:
            with self._lock:
                self._busy.discard((what, id))

    def rest(self) -> None:
        """Wait until no batch is worked on."""
        while self._chores.rest() or self._rows.rest():
            pass

    def _poke_rows(self) -> None:
        if not self._rows.poke():
            self._shards.make_way()

    def _next_shard(self, began: Callable[[], None]) -> bool:
        found = self._shards.run_next(began)
        if found:  # it may have been the last one of its batch
            self._chores.poke()
        return found

    def _next_chore(self, began: Callable[[], None]) -> bool:
        """Validate or finalize a batch; False if there is none."""
        with self._seats:
            batch = self._claimed()
            if batch is None:
                return False
            large = batch.size_bytes > LARGE_BYTES
            self._large += large
        began()
        try:
            self._do(batch)
        finally:
            with self._seats:
                self._large -= large
        return True

    def _claimed(self) -> Batch | None:
        most_bytes = LARGE_BYTES if self._large >= LARGE_AT_ONCE else None
        for id in self._store.turns.chores(most_bytes):
            batch: Batch | None = self._store.batches.claim(id, LEASE_S)
            if batch is not None:
                return batch
        return None

    def _do(self, batch: Batch) -> None:
        work, trace = self._shards.telemetry.work, batch.traceparent
        if batch.state is State.FINALIZING:
            with work("finalize", parent=trace, batch=batch.id):
                self._finalize.run(batch)
            return
        with work("validate", parent=trace, batch=batch.id):
            self._validate.run(batch)
        self._poke_rows()
        self._bell.ring("batch", batch.id, batch.hardware)  # others may begin on it too


#: the error of a prediction that waited for too long
DEADLINE = "the deadline (Cancel-After) passed before a worker began"
#: so many of a kind are rung for in one round, the others in the rounds after it
PAGE = 100
#: with so many rings unheard nobody listens, and more of them would only fill the broker
MOST_WAITING = 100


class Sweep:
    """Rings for whatever the database says is due; a lost ring costs its interval."""

    def __init__(
        self, store: Store, bell: Bell, clock: Clock, scalers: Sequence[Scaler] = ()
    ) -> None:
        self._store = store
        self._bell = bell
        self._clock = clock
        self._scalers = scalers
        self._rung: dict[tuple[str, str | None], str] = {}

    def run(self) -> None:
        """One round."""
        at = self._clock()
        for id in self._store.batches.overdue():
            with suppress(IllegalMove):
                self._store.batches.stop(id, "expired", at)
        for id in self._store.predictions.overdue():
            with suppress(JobsError):  # it has ended meanwhile
                self._store.predictions.cancel(id, None, at, DEADLINE)
        for id in self._store.batches.stopping():
            with suppress(JobsError):
                self._store.shards.drop_lost(id, at)
        for hardware in (None, *self._store.turns.classes()):
            waiting = self._bell.waiting(hardware)
            if waiting is not None and waiting < MOST_WAITING:
                self._ring(hardware)
        self._scale()

    def _scale(self) -> None:
        """Have as many instances of deployments as are wanted."""
        lost = self._store.instances.lost()
        if lost:
            self._store.instances.bury(lost)
        for id in self._store.deployments.rolling():
            self._store.deployments.settle(id)
        demands = self._store.instances.demands()
        for scaler in self._scalers:
            scaler.scale(demands)

    def _ring(self, hardware: str | None) -> None:
        """For what asks for this class of hardware; of each class there are listeners or none."""
        for id in self._store.models.due(hardware):
            self._bell.ring("version", id, hardware)
        self._ring_page("prediction", self._store.predictions.due, hardware)
        self._ring_page("training", self._store.trainings.due, hardware)
        self._ring_page("batch", self._store.batches.due, hardware)

    def _ring_page(self, what: str, due: Callable[..., list[str]], hardware: str | None) -> None:
        """A hundred old ones that nobody takes must not keep the bell from the newer ones."""
        last = self._rung.get((what, hardware), "")
        ids = due(after=last, limit=PAGE, hardware=hardware)
        self._rung[what, hardware] = ids[-1] if len(ids) == PAGE else ""
        for id in ids:
            self._bell.ring(what, id, hardware)
