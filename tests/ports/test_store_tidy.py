"""What lost attempts left in the object store goes; what was committed stays."""

import os
import time
from pathlib import Path

import pytest

from jobs.adapters.disk import DiskBlobs
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import batches, predictions
from jobs.core import outputs
from jobs.core.batch import Batch, Counts, Shard
from jobs.core.batch import State as BatchState
from jobs.core.errors import BlobError
from jobs.core.prediction import Prediction, State
from jobs.ports import Blobs
from jobs.worker.tidy import Tidy
from tests.ports import stores
from tests.ports.stores import LEASE_S, OVER, clock


@pytest.fixture
def blobs(tmp_path: Path) -> DiskBlobs:
    return DiskBlobs(tmp_path / "objects")


def keys(blobs: Blobs) -> set[str]:
    return {stat.key for stat in blobs.list("")}


def put(blobs: Blobs, *names: str) -> set[str]:
    for name in names:
        blobs.put(name, [name.encode()])
    return set(names)


def shard_keys(shard: Shard) -> list[str]:
    prefix = outputs.attempt_prefix(shard.batch, shard.first, shard.lease_token)
    return [
        f"{prefix}output.jsonl",
        f"{prefix}errors.jsonl",
        f"{prefix}{shard.first}/a picture.png",
    ]


def validated(store: SqlStore, blobs: Blobs, rows: int, *, losses: int) -> tuple[Batch, set[str]]:
    """A batch that runs, and its committed keys; `losses` validations were lost before."""
    id = stores.created(store).id
    for _ in range(losses):
        lost = store.batches.claim(id, OVER)
        assert lost is not None
        put(blobs, outputs.snapshot_key(id, lost.lease_token))
    held = store.batches.claim(id, LEASE_S)
    assert held is not None
    key = outputs.snapshot_key(id, held.lease_token)
    counts = Counts(total=rows)
    moved = store.batches.move(
        held, BatchState.IN_PROGRESS, clock(), snapshot=key, rows=rows, counts=counts
    )
    return moved, put(blobs, key, outputs.index_key(key))


def run(store: SqlStore, blobs: Blobs, batch: Batch, *, losses: int) -> set[str]:
    """Run all its rows, each shard after so many losses; the committed keys."""
    chosen = set()
    while found := store.shards.claim(batch.id, OVER, None):
        mine = put(blobs, *shard_keys(found.shard))
        if found.shard.losses >= losses:
            store.shards.commit(found.shard, stores.done(found.shard), clock())
            chosen |= mine
    return chosen


def finalized(store: SqlStore, blobs: Blobs, batch: Batch, *, losses: int) -> set[str]:
    for _ in range(losses):
        lost = store.batches.claim(batch.id, OVER)
        assert lost is not None
        put(blobs, outputs.final_prefix(batch.id, lost.lease_token) + "output.jsonl")
    held = store.batches.claim(batch.id, LEASE_S)
    assert held is not None
    prefix = outputs.final_prefix(batch.id, held.lease_token)
    store.batches.move(held, BatchState.COMPLETED, clock(), results=prefix)
    return put(blobs, *(prefix + name for name in ("output.jsonl", "errors.jsonl", "index.json")))


def ended(store: SqlStore, blobs: Blobs, *, losses: int, rows: int = 100) -> tuple[str, set[str]]:
    """A batch that came through after losses of every kind, and its committed keys."""
    batch, chosen = validated(store, blobs, rows, losses=losses)
    chosen |= run(store, blobs, batch, losses=losses)
    return batch.id, chosen | finalized(store, blobs, batch, losses=losses)


def time_has_come(store: SqlStore, id: str) -> None:
    table = batches if id.startswith("batch") else predictions
    stores.leftovers_are_old(store, table, id)


def tidy(store: SqlStore, blobs: Blobs) -> None:
    Tidy(store, blobs, clock).run()


# --- batches --------------------------------------------------------------------------------------


def test_what_lost_attempts_left_goes_and_what_was_committed_stays(
    store: SqlStore, blobs: DiskBlobs
) -> None:
    id, chosen = ended(store, blobs, losses=2)
    # tokens of one digit and of two: manifest.1 is no part of manifest.14
    other, theirs = ended(store, blobs, losses=13, rows=1)
    assert len(keys(blobs)) > len(chosen | theirs)
    before = keys(blobs)
    tidy(store, blobs)
    assert keys(blobs) == before  # its time has not come
    time_has_come(store, id)
    time_has_come(store, other)
    tidy(store, blobs)
    assert keys(blobs) == chosen | theirs


@pytest.mark.parametrize("lost", ["validation", "shard", "finalizing"])
def test_a_loss_of_any_kind_is_enough(store: SqlStore, blobs: DiskBlobs, lost: str) -> None:
    batch, chosen = validated(store, blobs, 100, losses=int(lost == "validation"))
    chosen |= run(store, blobs, batch, losses=int(lost == "shard"))
    chosen |= finalized(store, blobs, batch, losses=int(lost == "finalizing"))
    assert keys(blobs) > chosen
    time_has_come(store, batch.id)
    tidy(store, blobs)
    assert keys(blobs) == chosen


def test_another_batch_is_not_touched(store: SqlStore, blobs: DiskBlobs) -> None:
    running, chosen = validated(store, blobs, 500, losses=1)
    found = store.shards.claim(running.id, LEASE_S, None)
    assert found is not None
    put(blobs, *shard_keys(found.shard))
    theirs = keys(blobs)
    id, chosen = ended(store, blobs, losses=1)
    time_has_come(store, id)
    tidy(store, blobs)
    assert keys(blobs) == chosen | theirs


def test_what_no_attempt_wrote_is_not_touched(store: SqlStore, blobs: DiskBlobs) -> None:
    id, chosen = ended(store, blobs, losses=1)
    strange = put(blobs, f"batches/{id}/notes.txt", f"batches/{id}/shards/readme", f"batches/{id}x")
    time_has_come(store, id)
    tidy(store, blobs)
    assert keys(blobs) == chosen | strange


def test_a_cancelled_batch_keeps_its_prefix(store: SqlStore, blobs: DiskBlobs) -> None:
    batch, chosen = validated(store, blobs, 500, losses=0)
    first, second = (store.shards.claim(batch.id, LEASE_S, None) for _ in range(2))
    assert first is not None
    assert second is not None
    put(blobs, *shard_keys(second.shard))
    store.batches.stop(batch.id, "cancelled", clock())
    chosen |= put(blobs, *shard_keys(first.shard))
    store.shards.commit(first.shard, stores.done(first.shard, 5), clock())
    store.shards.give_back(second.shard, clock(), failed=False)
    chosen |= finalized(store, blobs, batch, losses=0)
    time_has_come(store, batch.id)
    tidy(store, blobs)
    assert keys(blobs) == chosen


def test_a_refused_manifest_keeps_its_problems(store: SqlStore, blobs: DiskBlobs) -> None:
    id = stores.created(store).id
    assert store.batches.claim(id, OVER) is not None
    held = store.batches.claim(id, LEASE_S)
    assert held is not None
    put(blobs, outputs.snapshot_key(id, 1), outputs.snapshot_key(id, 2))
    chosen = put(blobs, outputs.validation_key(id))
    store.batches.move(held, BatchState.FAILED, clock(), errors=({"line": 1},))
    time_has_come(store, id)
    tidy(store, blobs)
    assert keys(blobs) == chosen


def test_a_batch_cancelled_while_it_was_validated_keeps_nothing(
    store: SqlStore, blobs: DiskBlobs
) -> None:
    id = stores.created(store).id
    store.batches.claim(id, LEASE_S)
    store.batches.stop(id, "cancelled", clock())
    put(blobs, outputs.snapshot_key(id, 1), outputs.validation_key(id))
    time_has_come(store, id)
    tidy(store, blobs)
    assert keys(blobs) == set()


class Unlisted(DiskBlobs):
    """A store where a listing costs too much."""

    def list(self, prefix: str):  # type: ignore[no-untyped-def]
        if prefix.startswith("batches"):
            raise BlobError("not listed")
        return super().list(prefix)


def test_nothing_is_listed_where_nothing_was_lost(store: SqlStore, tmp_path: Path) -> None:
    blobs = Unlisted(tmp_path / "objects")
    id, chosen = ended(store, blobs, losses=0)
    time_has_come(store, id)
    tidy(store, blobs)
    assert store.batches.untidy(60) is None
    assert {stat.key for stat in DiskBlobs(tmp_path / "objects").list("")} == chosen


def test_what_did_not_come_through_is_tried_again(store: SqlStore, tmp_path: Path) -> None:
    id, chosen = ended(store, DiskBlobs(tmp_path / "objects"), losses=1)
    time_has_come(store, id)
    with pytest.raises(BlobError):
        tidy(store, Unlisted(tmp_path / "objects"))
    blobs = DiskBlobs(tmp_path / "objects")
    tidy(store, blobs)
    assert keys(blobs) != chosen  # not at once
    time_has_come(store, id)
    tidy(store, blobs)
    assert keys(blobs) == chosen


def test_several_may_tidy_at_once(store: SqlStore, blobs: DiskBlobs) -> None:
    made = [ended(store, blobs, losses=1) for _ in range(6)]
    for id, _ in made:
        time_has_come(store, id)
    assert stores.together(4, lambda _: tidy(store, blobs)) == [None] * 4
    assert keys(blobs) == set().union(*(chosen for _, chosen in made))
    with store.database.read() as connection:
        rows = connection.execute(batches.select()).mappings()
        assert [row["tidy_at"] for row in rows] == [None] * 6


# --- predictions ----------------------------------------------------------------------------------


def attempted(store: SqlStore, blobs: Blobs, *, losses: int) -> tuple[Prediction, set[str]]:
    """A prediction that runs after losses, and the files of its last attempt."""
    id = stores.asked(store).id
    for lease_s in [OVER] * losses + [LEASE_S]:
        held = store.predictions.claim(id, lease_s, clock())
        assert held is not None
        last = put(blobs, outputs.prediction_prefix(id, held.lease_token) + "out.png")
    return held, last


def test_a_prediction_keeps_the_files_of_the_attempt_that_counts(
    store: SqlStore, blobs: DiskBlobs
) -> None:
    value, chosen = attempted(store, blobs, losses=11)
    unended, theirs = attempted(store, blobs, losses=0)
    store.predictions.finish(value, State.SUCCEEDED, clock(), output="…/out.png")
    time_has_come(store, value.id)
    tidy(store, blobs)
    assert keys(blobs) == chosen | theirs
    assert store.predictions.get(unended.id) == unended


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELED])
def test_a_prediction_that_gave_nothing_keeps_nothing(
    store: SqlStore, blobs: DiskBlobs, state: State
) -> None:
    value, _ = attempted(store, blobs, losses=1)
    store.predictions.finish(value, state, clock())
    time_has_come(store, value.id)
    tidy(store, blobs)
    assert keys(blobs) == set()


# --- uploads --------------------------------------------------------------------------------------


def test_an_upload_that_never_came_through_goes_after_a_day(
    store: SqlStore, blobs: DiskBlobs, tmp_path: Path
) -> None:
    old, fresh, file = (
        f"{outputs.INCOMING}a.1",
        f"{outputs.INCOMING}b.2",
        outputs.file_key("a" * 64),
    )
    put(blobs, old, fresh, file)
    yesterday = time.time() - 90_000
    for key in (old, file):
        os.utime(tmp_path / "objects" / key, (yesterday, yesterday))
    tidy(store, blobs)
    assert keys(blobs) == {fresh, file}
