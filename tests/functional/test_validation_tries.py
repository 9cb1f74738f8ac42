"""A store that is away costs time; a manifest that ends its workers does so only so often."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs.adapters.disk import DiskBlobs
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import batches
from jobs.core.batch import Batch, State
from jobs.core.errors import BlobError, BlobMissing
from jobs.worker.drain import Drain
from jobs.worker.validate import MAX_TRIES, Validate
from tests.ports import stores


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    database = Database(stores.with_tables(tmp_path / "penstock.db"))
    made = SqlStore(database, stores.URL)
    made.models.create("ann/hello", "ann", datetime.now(UTC))
    stores.ready(made, "a" * 64)
    yield made
    database.close()


def away(batch: Batch) -> Iterator[bytes]:
    raise BlobError("the object store did not answer")


def gone(batch: Batch) -> Iterator[bytes]:
    raise BlobMissing("uploads/file_1")


def claimed(store: SqlStore, id: str, tries: int = 0) -> Batch:
    stores.put(store, batches, {"id": id}, lease_token=tries, lease_until=None)
    batch = store.batches.claim(id, stores.LEASE_S)
    assert batch is not None
    return batch


def test_a_store_that_is_away_is_tried_again(store: SqlStore, tmp_path: Path) -> None:
    id = stores.created(store).id
    validate = Validate(store, DiskBlobs(tmp_path / "objects"), away, Drain(), stores.clock)

    with pytest.raises(BlobError):
        validate.run(claimed(store, id))
    assert store.batches.get(id).state is State.VALIDATING

    validate.run(claimed(store, id, MAX_TRIES - 1))
    failed = store.batches.get(id)
    assert failed.state is State.FAILED
    assert failed.errors[0]["message"] == "the object store did not answer"


def test_a_manifest_that_is_gone_is_an_answer(store: SqlStore, tmp_path: Path) -> None:
    id = stores.created(store).id

    Validate(store, DiskBlobs(tmp_path / "objects"), gone, Drain(), stores.clock).run(
        claimed(store, id)
    )

    assert store.batches.get(id).state is State.FAILED


def test_a_manifest_that_ends_every_worker_is_refused(store: SqlStore, tmp_path: Path) -> None:
    id = stores.created(store).id
    validate = Validate(store, DiskBlobs(tmp_path / "objects"), away, Drain(), stores.clock)

    validate.run(claimed(store, id, MAX_TRIES))

    failed = store.batches.get(id)
    assert failed.state is State.FAILED
    assert failed.errors[0]["code"] == "validation_failed"
