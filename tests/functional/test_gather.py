"""Outputs that are put together while shards are run are those that finalizing would write."""

import hashlib
import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.disk import DiskBlobs
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore, migrate
from jobs.core.batch import MAX_SHARD_ROWS, Batch, Shard, State
from jobs.core.errors import BlobError
from jobs.ports import Stored
from jobs.worker.compute import Compute, Task
from jobs.worker.drain import Drain
from jobs.worker.export import Export
from jobs.worker.finalize import Finalize
from jobs.worker.gather import LEAST_ROWS, MOST_WHOLE, Gather
from jobs.worker.leases import LEASE_S
from jobs.worker.shard import Shards
from tests.ports import stores
from tests.servers.penstock import until

ROWS = MAX_SHARD_ROWS + 50_000


class Numbers(Compute):
    """Each row gives its number; every hundred thousandth fails."""

    def __init__(self) -> None:
        """Nothing is needed for that."""

    def run(self, task: Task) -> None:
        first = task.shard.first
        bad = [at for at in range(first, first + task.shard.rows) if at % 100_000 == 99_999]
        good = task.shard.rows - len(bad)
        numbers = set(bad)
        lines = (b"%d\n" % at for at in range(first, first + task.shard.rows) if at not in numbers)
        task.attempt.add(b"".join(lines), good)
        task.attempt.add_failed(b"".join(b"!%d\n" % at for at in bad), len(bad))


class Place:
    """A store, and what one worker does there."""

    def __init__(self, folder: Path, blobs: DiskBlobs) -> None:
        self.database = Database(f"sqlite:///{folder / 'penstock.db'}")
        migrate(self.database)
        self.store = SqlStore(self.database, stores.URL)
        self.store.models.create("ann/hello", "ann", stores.clock())
        stores.ready(self.store, "a" * 64)
        # of several shards: in one the batch would take longer than WHOLE_BATCH_S
        self.store.models.measured("ann/hello", "a" * 64, 1e-4)
        self.blobs = blobs
        self.gather = Gather(blobs, stores.clock)

    def shards(self, gather: Gather | None = None) -> Shards:
        """Those that a worker runs."""
        parts = (self.store, self.blobs, Numbers(), Drain(), stores.clock)
        return Shards(*parts, gather=gather or self.gather)

    def finalized(self, batch: Batch) -> Batch:
        """The batch, completed, and what was written checked."""
        claimed = self.store.batches.claim(batch.id, LEASE_S)
        assert claimed is not None
        assert claimed.state is State.FINALIZING
        unused: Any = None
        export = Export(self.blobs, unused)
        Finalize(self.store, self.blobs, export, Drain(), stores.clock, self.gather).run(claimed)
        done: Batch = self.store.batches.get(batch.id)
        self.check(done)
        return done

    def check(self, done: Batch) -> None:
        """All rows are there, in order, and the index tells the truth."""
        bad = range(99_999, done.rows, 100_000)
        rows = sorted(set(range(done.rows)) - set(bad))
        expected = {
            "output.jsonl": b"".join(b"%d\n" % at for at in rows),
            "errors.jsonl": b"".join(b"!%d\n" % at for at in bad),
        }
        index = json.loads(b"".join(self.blobs.open(f"{done.results}index.json")))
        for name, text in expected.items():
            assert b"".join(self.blobs.open(f"{done.results}{name}")) == text
            sha256 = hashlib.sha256(text).hexdigest()
            assert index["files"][name] == {"size": len(text), "sha256": sha256}

    def results(self, batch: Batch) -> list[str]:
        """The keys of all outputs that were put together."""
        keys = (found.key for found in self.blobs.list(f"batches/{batch.id}/results"))
        return [key for key in keys if key.endswith("/output.jsonl")]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path, DiskBlobs(tmp_path / "objects"))
    yield made
    made.database.close()


def run_all(shards: Shards, lanes: int = 1) -> None:
    """Until there is nothing left."""

    def lane() -> None:
        while shards.run_next():
            pass

    threads = [threading.Thread(target=lane) for _ in range(lanes)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)


@pytest.mark.parametrize("lanes", [1, 2])
def test_the_output_is_there_when_the_last_shard_is(place: Place, lanes: int) -> None:
    batch = stores.running(place.store, ROWS)
    run_all(place.shards(), lanes)
    done = place.finalized(batch)
    assert done.results is not None
    # not under the token of the lease, which finalizing alone would have taken
    assert place.results(batch) == [f"{done.results}output.jsonl"]
    assert len(done.results) > len(f"batches/{batch.id}/results.9999/")


@pytest.mark.parametrize("rows", [1000, LEAST_ROWS])
def test_the_output_of_an_only_shard_is_the_batchs(place: Place, rows: int, tmp_path: Path) -> None:
    batch = stores.running(place.store, rows)
    run_all(place.shards())
    done = place.finalized(batch)
    [shard] = place.store.shards.done(batch.id)
    part, whole = (
        tmp_path / "objects" / f"{key}output.jsonl" for key in (shard.output, done.results)
    )
    assert part.samefile(whole)


def test_of_an_only_shard_whose_rows_all_failed_there_is_nothing_to_copy(place: Place) -> None:
    batch = stores.running(place.store, 1)
    shard = stores.done(Shard(batch=batch.id, first=0, rows=1))
    place.gather.committed(batch, replace(shard, succeeded=0, failed=1), Stored("", 0, ""))
    assert place.gather.finished(batch.id, [shard]) is None


def test_an_only_shard_of_another_worker_is_written_out(place: Place) -> None:
    batch = stores.running(place.store, 1000)
    run_all(place.shards(Gather(place.blobs, stores.clock)))
    done = place.finalized(batch)
    assert done.results == f"batches/{batch.id}/results.{done.lease_token}/"


def test_the_eldest_that_nobody_finalized_here_are_forgotten(place: Place) -> None:
    batch = stores.running(place.store, 1)
    shard = stores.done(Shard(batch=batch.id, first=0, rows=1))
    key = "part/output.jsonl"
    output = place.blobs.put(key, [b"1"])
    for number in range(MOST_WHOLE + 1):
        place.gather.committed(replace(batch, id=f"batch_{number}"), shard, output)
    assert place.gather.finished("batch_0", [shard]) is None
    assert place.gather.finished("batch_1", [shard]) is not None


def test_shards_of_another_worker_are_added_at_the_end(place: Place) -> None:
    batch = stores.running(place.store, ROWS)
    assert place.shards().run_next()
    run_all(place.shards(Gather(place.blobs, stores.clock)))
    place.finalized(batch)


def test_what_another_worker_runs_between_is_not_waited_for(place: Place, tmp_path: Path) -> None:
    batch = stores.running(place.store, 5 * MAX_SHARD_ROWS)
    mine, other = place.shards(), place.shards(Gather(place.blobs, stores.clock))
    assert mine.run_next()
    assert other.run_next()
    run_all(mine)
    # given up, and nothing of it left
    until(lambda: not list((tmp_path / "objects" / ".tmp").iterdir()))
    done = place.finalized(batch)
    assert done.results == f"batches/{batch.id}/results.{done.lease_token}/"


class Away(DiskBlobs):
    """Does not take an output while shards are run, and copies nothing."""

    def put(self, key: str, chunks: Iterable[bytes | memoryview], **kind: Any) -> Stored:
        if key.endswith("/output.jsonl") and len(key.split("results.")[1]) > 20:
            next(iter(chunks))
            raise BlobError("the disk is full")
        return super().put(key, chunks, **kind)

    def copy(self, source: str, key: str) -> None:
        raise BlobError("the disk is full")


@pytest.mark.parametrize("rows", [1000, ROWS])
def test_an_output_that_could_not_be_had_is_written_anew(tmp_path: Path, rows: int) -> None:
    place = Place(tmp_path, Away(tmp_path / "objects"))
    batch = stores.running(place.store, rows)
    run_all(place.shards())
    done = place.finalized(batch)
    assert done.results == f"batches/{batch.id}/results.{done.lease_token}/"
    place.database.close()
