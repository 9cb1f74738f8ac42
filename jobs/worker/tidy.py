"""Remove what lost attempts left in the object store, once their batch or prediction has ended."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from jobs.core import outputs
from jobs.core.batch import Batch, Shard, covers
from jobs.core.prediction import Prediction, State
from jobs.ports import Blobs, Clock, Store

#: how long after a tidying that did not come through it is tried again
AGAIN_S = 1800.0
#: so many of a kind in one round
MOST = 100
#: an upload that did not come through is of no use to anybody after this
INCOMING_KEPT = timedelta(days=1)


class Tidy:
    """Several processes may do so at once, and again after a crash: a removal repeats itself.

    What has ended commits nothing any more, so that all keys but the committed ones can go.
    """

    def __init__(self, store: Store, blobs: Blobs, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock

    def run(self) -> None:
        """One round."""
        for _ in range(MOST):
            batch: Batch | None = self._store.batches.untidy(AGAIN_S)
            if batch is None:
                break
            self._batch(batch)
            self._store.batches.tidied(batch.id)
        for _ in range(MOST):
            prediction: Prediction | None = self._store.predictions.untidy(AGAIN_S)
            if prediction is None:
                break
            self._prediction(prediction)
            self._store.predictions.tidied(prediction.id)
        self._incoming()

    def _batch(self, batch: Batch) -> None:
        done: list[Shard] = self._store.shards.done(batch.id)
        if _nothing_lost(batch, done):
            return
        keys = [batch.snapshot, batch.results, *(shard.output for shard in done)]
        if batch.errors:
            keys.append(outputs.validation_key(batch.id))
        self._keep(outputs.batch_prefix(batch.id), (key for key in keys if key))

    def _prediction(self, value: Prediction) -> None:
        keys = []
        if value.state is State.SUCCEEDED:
            keys.append(outputs.prediction_prefix(value.id, value.lease_token))
        self._keep(outputs.prediction_folder(value.id), keys)

    def _keep(self, prefix: str, committed: Iterable[str]) -> None:
        """Remove what other attempts than those of the committed keys wrote."""
        chosen = {outputs.attempt_of(key) for key in committed}

        def rest() -> Iterator[str]:
            for found in self._blobs.list(prefix):
                attempt = outputs.attempt_of(found.key)
                if attempt is not None and attempt not in chosen:
                    yield found.key

        self._blobs.delete(rest())

    def _incoming(self) -> None:
        before = self._clock() - INCOMING_KEPT
        found = self._blobs.list(outputs.INCOMING)
        self._blobs.delete(stat.key for stat in found if stat.modified_at < before)


def _nothing_lost(batch: Batch, done: list[Shard]) -> bool:
    """Whether every attempt there ever was got committed, so that no listing is needed.

    Tokens count attempts: one at each shard, and at the batch a validation and a finalizing.
    """
    whole = batch.results is not None and covers(
        [(one.first, one.rows) for one in done], batch.rows
    )
    return whole and batch.lease_token == 2 and all(one.lease_token == 1 for one in done)
