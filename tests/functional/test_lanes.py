"""Shards of one worker beside each other: which may be under way together."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs.adapters.disk import DiskBlobs
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore
from jobs.core.batch import PILOT_ROWS, State
from jobs.worker.compute import Compute, Task
from jobs.worker.drain import Drain
from jobs.worker.shard import Shards
from tests.ports import stores
from tests.servers.penstock import until

LANES = 2


class Counted(Compute):
    """Computes nothing, but knows how many shards are in its hands at once."""

    def __init__(self, gate: Callable[[], object]) -> None:
        self.gate = gate
        self.now = self.most = 0
        self.lock = threading.Lock()

    def run(self, task: Task) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.gate()
        task.attempt.add(b"{}\n" * task.shard.rows, task.shard.rows)
        with self.lock:
            self.now -= 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    database = Database(stores.with_tables(tmp_path / "penstock.db"))
    made = SqlStore(database, stores.URL)
    made.models.create("ann/hello", "ann", datetime.now(UTC))
    stores.ready(made, "a" * 64)
    yield made
    database.close()


def run_all(store: SqlStore, folder: Path, compute: Counted) -> None:
    """Two lanes until there is nothing left, as a worker has them."""
    blobs = DiskBlobs(folder / "objects")
    shards = Shards(store, blobs, compute, Drain(), stores.clock)

    def lane() -> None:
        while shards.run_next():
            pass

    lanes = [threading.Thread(target=lane) for _ in range(LANES)]
    for one in lanes:
        one.start()
    for one in lanes:
        one.join(60)


def test_shards_run_beside_each_other(store: SqlStore, tmp_path: Path) -> None:
    batch = stores.running(store, 2 * PILOT_ROWS)
    both = threading.Barrier(LANES)
    compute = Counted(lambda: both.wait(60))

    run_all(store, tmp_path, compute)

    assert compute.most == LANES
    assert store.batches.get(batch.id).state is State.FINALIZING


def test_one_shard_makes_way_for_a_batch_that_was_never_served(
    store: SqlStore, tmp_path: Path
) -> None:
    big = stores.running(store, 10 * PILOT_ROWS, owner="big")
    compute = UntilAsked()
    shards = Shards(store, DiskBlobs(tmp_path / "objects"), compute, Drain(), stores.clock)
    lanes = [threading.Thread(target=shards.run_next) for _ in range(LANES)]
    for lane in lanes:
        lane.start()
    for _ in lanes:
        assert compute.begun.acquire(timeout=60)
    shards.make_way()  # nobody is there to make way for
    assert all(lane.is_alive() for lane in lanes)

    small = stores.running(store, 10, owner="small")
    for _ in range(3):
        shards.make_way()
    until(lambda: sum(lane.is_alive() for lane in lanes) == LANES - 1, 60)

    assert store.batches.get(big.id).counts.completed == 5
    assert store.turns.rows() == [small.id, big.id]
    compute.all_end.set()
    for lane in lanes:
        lane.join(60)
    assert store.batches.get(big.id).counts.completed == 10
    assert store.batches.due() == [big.id, small.id]


class UntilAsked(Compute):
    """Does five rows and then waits until it is asked to end."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.all_end = threading.Event()

    def run(self, task: Task) -> None:
        task.attempt.add(b"{}\n" * 5, 5)
        self.begun.release()
        until(lambda: task.lease.pause.is_set() or self.all_end.is_set(), 60)


def test_a_shard_that_lost_a_worker_runs_alone(store: SqlStore, tmp_path: Path) -> None:
    """Should it take this worker down too, the others are not under suspicion with it."""
    batch = stores.running(store, 2 * PILOT_ROWS)
    for _ in range(LANES):
        assert store.shards.claim(batch.id, stores.LEASE_S, None)
    store.release()
    alone = threading.Event()
    compute = Counted(lambda: alone.wait(0.3))

    run_all(store, tmp_path, compute)

    assert compute.most == 1
    assert store.batches.get(batch.id).state is State.FINALIZING
