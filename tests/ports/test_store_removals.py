"""What is removed for good is gone from the database at once, and from the object store soon."""

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from jobs.adapters.disk import DiskBlobs
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import (
    attempts,
    batches,
    deliveries,
    events,
    files,
    predictions,
    removals,
    shards,
)
from jobs.core import outputs
from jobs.core.batch import State as BatchState
from jobs.core.errors import BlobError, Conflict, NotFound
from jobs.core.file import File
from jobs.core.ids import new_id
from jobs.core.prediction import Prediction, State
from jobs.worker.purge import Purge, Removed
from tests.ports import stores
from tests.ports.stores import HOOK, LEASE_S, an_endpoint, clock

DAY = timedelta(days=1)
GIVEN_UP: dict[str, Any] = {"status": 500, "error": "no", "duration_s": 0.2, "body_start": b""}


@pytest.fixture
def blobs(tmp_path: Path) -> DiskBlobs:
    return DiskBlobs(tmp_path / "objects")


def purge(store: SqlStore, blobs: DiskBlobs, keep: timedelta | None = None) -> Purge:
    return Purge(store, blobs, clock, keep)


def put(blobs: DiskBlobs, *names: str) -> None:
    for name in names:
        blobs.put(name, [name.encode()])


def left(blobs: DiskBlobs) -> list[str]:
    return [stat.key for stat in blobs.list("")]


def rows(store: SqlStore, *of: Any) -> int:
    with store.database.read() as connection:
        counts = [connection.execute(select(func.count()).select_from(t)).scalar() for t in of]
    return sum(count or 0 for count in counts)


def given_up(store: SqlStore) -> None:
    """Every webhook that is owed becomes a dead letter."""
    while due := store.deliveries.claim(99, LEASE_S):
        store.deliveries.record_all([(one, "exhausted", None, GIVEN_UP) for one in due])


def a_day_older(store: SqlStore, table: Any, id: str, times: dict[str, Any]) -> str:
    """Let something have been a day ago: its id tells when it was made, so it gets another."""
    kind = id.partition("_")[0]
    older = new_id(kind, clock() - DAY)
    stores.put(store, table, {"id": id}, id=older, **times)
    return older


def ended_prediction(store: SqlStore, **changes: Any) -> Prediction:
    held = store.predictions.claim(stores.asked(store, **changes).id, LEASE_S, clock())
    assert held is not None
    return store.predictions.finish(held, State.SUCCEEDED, clock(), output="x")


def an_upload(store: SqlStore) -> File:
    id = new_id("file", clock())
    file = File(
        id=id,
        owner="ann",
        name="rows.jsonl",
        content_type="text/plain",
        size_bytes=1,
        sha256="0" * 64,
        key=outputs.upload_key(id),
        created_at=clock(),
    )
    store.files.create(file)
    return file


def old_batch(store: SqlStore, **changes: Any) -> str:
    """A batch without webhook or shards that ended a day ago."""
    made = stores.created(store, **changes)
    stopped = store.batches.stop(made.id, "cancelled", clock())
    at = (clock() - DAY).timestamp()
    times = dict.fromkeys(stopped.times, at)
    return a_day_older(store, batches, made.id, {"times": times})


def test_a_batch_goes_with_all_that_hangs_on_it(store: SqlStore, blobs: DiskBlobs) -> None:
    batch = stores.completed(store, webhook=HOOK)
    given_up(store)
    other = stores.completed(store, webhook=HOOK)
    folder, others = outputs.batch_prefix(batch.id), outputs.batch_prefix(other.id)
    put(blobs, f"{folder}manifest.1.jsonl", f"{folder}results.2/output.jsonl", f"{others}kept")
    assert rows(store, attempts) > 0

    store.removals.batch(batch.id, "ann")
    with pytest.raises(NotFound):
        store.batches.get(batch.id)
    purge(store, blobs).run()

    assert left(blobs) == [f"{others}kept"]
    assert rows(store, attempts) == 0
    assert rows(store, batches, shards) == 2
    assert store.batches.get(other.id) == other
    with store.database.read() as connection:
        subjects = set(connection.execute(select(events.c.subject)).scalars())
        subjects |= set(connection.execute(select(deliveries.c.subject)).scalars())
    assert subjects == {other.id}


def test_a_stale_worker_that_writes_afterwards_is_tidied_behind(
    store: SqlStore, blobs: DiskBlobs
) -> None:
    batch = stores.completed(store)
    store.removals.batch(batch.id)
    late = f"{outputs.batch_prefix(batch.id)}shards/000000000000.1/output.jsonl"
    purge(store, blobs).run()
    put(blobs, late)
    purge(store, blobs).run()
    assert left(blobs) == [late], "it is not looked at all the time"

    stores.put(store, removals, {}, until=0.0, due_at=0.0)
    purge(store, blobs).run()
    assert left(blobs) == []
    assert rows(store, removals) == 0


def test_a_store_that_is_away_does_not_make_it_forget(
    store: SqlStore, blobs: DiskBlobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = stores.completed(store)
    put(blobs, key := f"{outputs.batch_prefix(batch.id)}manifest.1.jsonl")
    store.removals.batch(batch.id)

    def away(keys: Any) -> None:
        raise BlobError("away")

    with monkeypatch.context() as patch:
        patch.setattr(blobs, "delete", away)
        with pytest.raises(BlobError):
            purge(store, blobs).run()
    assert left(blobs) == [key]
    stores.put(store, removals, {}, due_at=0.0)  # time passes
    purge(store, blobs).run()
    assert left(blobs) == []


def test_what_has_not_ended_stays(store: SqlStore) -> None:
    batch, prediction = stores.running(store, 3), stores.asked(store)
    with pytest.raises(Conflict, match="in_progress; cancel it"):
        store.removals.batch(batch.id, "ann")
    with pytest.raises(Conflict, match="starting; cancel it"):
        store.removals.prediction(prediction.id, "ann")
    parent = stores.completed(store)
    child = stores.created(store, parent=parent.id)
    with pytest.raises(Conflict, match=f"{child.id} retries its rows"):
        store.removals.batch(parent.id)


def test_another_owner_s_are_not_found(store: SqlStore) -> None:
    batch, prediction = stores.completed(store), ended_prediction(store)
    with pytest.raises(NotFound):
        store.removals.batch(batch.id, "bob")
    with pytest.raises(NotFound):
        store.removals.prediction(prediction.id, "bob")


def test_a_prediction_goes_with_its_files(store: SqlStore, blobs: DiskBlobs) -> None:
    value = ended_prediction(store, webhook=HOOK)
    put(blobs, outputs.prediction_prefix(value.id, 1) + "a.png")
    store.removals.prediction(value.id, "ann")
    purge(store, blobs).run()
    assert left(blobs) == []
    assert rows(store, predictions, events, deliveries) == 0


def test_an_attempt_under_way_ends_in_nothing(store: SqlStore) -> None:
    value = ended_prediction(store, webhook=HOOK)
    [due] = store.deliveries.claim(1, LEASE_S)
    store.removals.prediction(value.id)
    assert store.deliveries.record_all([(due, "delivered", None, GIVEN_UP)]) == set()


def test_retention_takes_what_is_old_and_nothing_else(
    store: SqlStore, blobs: DiskBlobs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "jobs.worker.purge")
    old, new = old_batch(store), stores.completed(store).id
    value, fresh = ended_prediction(store), ended_prediction(store)
    day_ago = {"completed_at": clock() - DAY, "created_at": clock() - DAY}
    a_day_older(store, predictions, value.id, day_ago)
    upload, kept = an_upload(store), an_upload(store)
    put(blobs, f"{outputs.batch_prefix(old)}manifest.1.jsonl", upload.key, kept.key)
    a_day_older(store, files, upload.id, {})

    half_a_day_ago = clock() - DAY / 2
    expected = Removed(batches=1, predictions=1, files=1)
    assert purge(store, blobs).count(half_a_day_ago, 99) == expected
    purge(store, blobs, keep=DAY / 2).run()
    purge(store, blobs, keep=DAY / 2).run()  # nothing goes, and nothing is said

    assert caplog.messages == [
        "kept for long enough and removed: batches: 1, predictions: 1, trainings: 0, files: 1"
    ]
    assert purge(store, blobs).count(half_a_day_ago, 99) == Removed()
    assert store.batches.get(new).state is BatchState.COMPLETED
    assert store.predictions.get(fresh.id).state is State.SUCCEEDED
    assert left(blobs) == [kept.key]
    purge(store, blobs, keep=None).run()
    assert rows(store, batches, predictions, files) == 3


def test_retention_waits_for_who_still_needs_it(store: SqlStore, blobs: DiskBlobs) -> None:
    owed = old_batch(store, webhook=HOOK)
    stores.put(store, deliveries, {}, subject=owed)
    parent = old_batch(store)
    stores.created(store, parent=parent)
    upload = an_upload(store)
    used = a_day_older(store, files, upload.id, {})
    stores.created(store, input_file_id=used)

    now = clock()
    assert purge(store, blobs).count(now, 99) == Removed()
    given_up(store)
    assert store.removals.old_batches(now, 99) == [owed]


def test_several_may_purge_at_once(store: SqlStore, blobs: DiskBlobs) -> None:
    for _ in range(6):
        put(blobs, f"{outputs.batch_prefix(old_batch(store))}manifest.1.jsonl")
    done = stores.together(3, lambda _: purge(store, blobs, keep=DAY / 2).run())
    assert done == [None, None, None], json.dumps(done, default=repr)
    assert left(blobs) == []
    assert rows(store, batches) == 0


def test_retention_takes_old_tests_of_endpoints_but_for_the_last(
    store: SqlStore, blobs: DiskBlobs
) -> None:
    one = an_endpoint(store)
    for _ in range(4):
        store.endpoints.test(one.id, "ann", clock())  # it takes the place of the one before
    stores.put(store, deliveries, {"subject": one.id, "sequence": 3}, state="pending")
    stores.put(store, events, {}, created_at=clock() - 2 * DAY)
    purge(store, blobs, DAY).run()
    # the third is owed still, the fourth is the last
    assert [number for number, _ in stores.told(store, one.id)] == [3, 4]
    assert (rows(store, deliveries), rows(store, attempts)) == (2, 0)
    [due] = store.deliveries.claim(9, LEASE_S)
    assert store.deliveries.record(due, "exhausted", None, GIVEN_UP)
    purge(store, blobs, 3 * DAY).run()
    assert (rows(store, events), rows(store, attempts)) == (2, 1)
    purge(store, blobs, DAY).run()
    assert [number for number, _ in stores.told(store, one.id)] == [4]
    assert rows(store, attempts) == 0
    store.endpoints.test(one.id, "ann", clock())
    assert [number for number, _ in stores.told(store, one.id)] == [4, 5]
