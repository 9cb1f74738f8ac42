"""What a worker does when the bell rings, and what the sweep rings for."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from jobs.core.batch import Batch, State
from jobs.core.errors import IllegalMove, JobsError
from jobs.ports import Bell, Clock, Store
from jobs.worker.drain import Drain
from jobs.worker.finalize import Finalize
from jobs.worker.predict import Predict
from jobs.worker.prepare import Prepare
from jobs.worker.shard import Shards
from jobs.worker.validate import Validate

log = logging.getLogger(__name__)
#: shards of one batch at a time: one has the model while the other brings inputs or stores results
LANES = 2


class Worker:
    """Answers the bell. A ring for work that is being done here already is dropped."""

    def __init__(
        self,
        store: Store,
        validate: Validate,
        shards: Shards,
        finalize: Finalize,
        predict: Predict,
        prepare: Prepare,
        drain: Drain,
    ) -> None:
        self._store = store
        self._drain = drain
        self._validate = validate
        self._shards = shards
        self._finalize = finalize
        self._busy: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._work: dict[str, Callable[[str], object]] = {
            "batch": self._batch,
            "prediction": predict.run,
            "version": prepare.run,
        }

    def answer(self, what: str, id: str) -> None:
        """Do what is due for one thing; errors are logged, the sweep rings again."""
        with self._lock:
            if (what, id) in self._busy or self._drain.ending.is_set():
                return
            self._busy.add((what, id))
        try:
            self._work[what](id)
        except Exception:
            log.exception("work failed", extra={"action": what, "id": id})
        finally:
            with self._lock:
                self._busy.discard((what, id))

    def _batch(self, id: str) -> None:
        """Leased work first (validate, finalize), then shards until there are none."""
        self._leased(id)
        lanes = [threading.Thread(target=self._lane, args=(id,)) for _ in range(LANES)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
        if not self._drain.ending.is_set():
            self._leased(id)

    def _lane(self, id: str) -> None:
        try:
            while not self._drain.ending.is_set() and self._shards.run_one(id):
                pass
        except Exception:
            log.exception("a shard failed", extra={"id": id})

    def _leased(self, id: str) -> None:
        batch: Batch | None = self._store.batches.claim(id, 10.0)
        if batch is None:
            return
        if batch.state is State.VALIDATING:
            self._validate.run(batch)
        else:
            self._finalize.run(batch)


#: so many of a kind are rung for in one round, the others in the rounds after it
PAGE = 100
#: with so many rings unheard nobody listens, and more of them would only fill the broker
MOST_WAITING = 100


class Sweep:
    """Rings for whatever the database says is due; a lost ring costs its interval."""

    def __init__(self, store: Store, bell: Bell, clock: Clock) -> None:
        self._store = store
        self._bell = bell
        self._clock = clock
        self._rung: dict[str, str] = {}

    def run(self) -> None:
        """One round."""
        at = self._clock()
        for id in self._store.batches.overdue(at):
            with suppress(IllegalMove):
                self._store.batches.stop(id, "expired", at)
        for id in self._store.batches.stopping():
            with suppress(JobsError):
                self._store.shards.drop_lost(id, at)
        waiting = self._bell.waiting()
        if waiting is None or waiting >= MOST_WAITING:
            return
        for id in self._store.models.due():
            self._bell.ring("version", id)
        self._ring_page("prediction", self._store.predictions.due)
        self._ring_page("batch", self._store.batches.due)

    def _ring_page(self, what: str, due: Callable[..., list[str]]) -> None:
        """A hundred old ones that nobody takes must not keep the bell from the newer ones."""
        ids = due(after=self._rung.get(what, ""), limit=PAGE)
        self._rung[what] = ids[-1] if len(ids) == PAGE else ""
        for id in ids:
            self._bell.ring(what, id)
