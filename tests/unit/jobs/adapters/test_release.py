"""What a new process tree does with the leases of the dead one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore, migrate
from jobs.core.batch import LOSSES_BEFORE_SPLIT, Batch, Counts, State, covers
from jobs.core.errors import Fenced
from jobs.core.prediction import Prediction
from jobs.core.version import Version

LEASE_S = 600.0
AT = datetime(2030, 1, 1, tzinfo=UTC)
ROWS = 64


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    database = Database(f"sqlite:///{tmp_path / 'penstock.db'}")
    migrate(database)
    yield SqlStore(database, "http://here")
    database.close()


@pytest.fixture
def batch(store: SqlStore) -> Batch:
    return store.batches.create(
        Batch(
            id="batch_1",
            owner="me",
            model="me/model",
            version="0" * 64,
            created_at=AT,
            expires_at=AT + timedelta(days=1),
            state=State.IN_PROGRESS,
            rows=ROWS,
            counts=Counts(total=ROWS),
            webhook="http://there",
        ),
        key=None,
        request_hash="",
    )


def test_a_shard_is_claimed_again_at_once_and_the_dead_are_fenced(
    store: SqlStore, batch: Batch
) -> None:
    dead = store.shards.claim(batch.id, LEASE_S, None)
    assert dead is not None
    assert store.shards.claim(batch.id, LEASE_S, None) is None

    store.release()

    assert store.shards.renew(dead.shard, LEASE_S, 3) == "lost"
    with pytest.raises(Fenced):
        store.shards.commit(dead.shard, dead.shard, AT)
    alive = store.shards.claim(batch.id, LEASE_S, None)
    assert alive is not None
    assert (alive.shard.first, alive.shard.losses) == (0, 1)
    assert alive.shard.lease_token > dead.shard.lease_token
    assert store.batches.get(batch.id).shards_redone == 1


def test_twenty_losses_in_a_row_give_up_no_row(store: SqlStore, batch: Batch) -> None:
    """The shard gets smaller with every third loss; nothing is left out, nothing is run twice."""
    for _ in range(20):
        claim = store.shards.claim(batch.id, LEASE_S, None)
        assert claim is not None
        assert claim.shard.rows > 1 or claim.shard.losses < LOSSES_BEFORE_SPLIT
        store.release()

    while claim := store.shards.claim(batch.id, LEASE_S, None):
        assert claim.shard.losses < LOSSES_BEFORE_SPLIT
        done = replace(claim.shard, succeeded=claim.shard.rows)
        store.shards.commit(claim.shard, done, AT)

    pieces = [(shard.first, shard.rows) for shard in store.shards.done(batch.id)]
    assert covers(pieces, ROWS)
    ended = store.batches.get(batch.id)
    assert (ended.state, ended.counts.completed) == (State.FINALIZING, ROWS)


def test_all_other_leased_work_is_due_at_once(store: SqlStore, batch: Batch) -> None:
    store.models.create("me/model", "me", AT)
    version = Version(id="0" * 64, model="me/model", files=(), created_at=AT)
    store.models.push(version)
    asked = Prediction(
        id="pred_1", owner="me", model="me/model", version="0" * 64, input={}, created_at=AT
    )
    store.predictions.create(asked)
    assert store.models.claim(version.id, LEASE_S)
    assert store.predictions.claim(asked.id, LEASE_S, AT)
    assert [due.attempts for due in store.deliveries.claim(10, LEASE_S)] == [0]
    assert store.deliveries.claim(10, LEASE_S) == []
    assert (store.models.due(), store.predictions.due()) == ([], [])

    store.release()

    assert store.models.due() == [version.id]
    assert store.predictions.due() == [asked.id]
    assert [due.attempts for due in store.deliveries.claim(10, LEASE_S)] == [0]


def test_a_lost_attempt_counts_like_a_dead_worker(store: SqlStore, batch: Batch) -> None:
    for losses in range(LOSSES_BEFORE_SPLIT):
        claim = store.shards.claim(batch.id, LEASE_S, None)
        assert claim is not None
        assert claim.shard.losses == losses
        store.shards.lose(claim.shard)

    claim = store.shards.claim(batch.id, LEASE_S, None)
    assert claim is not None
    assert (claim.shard.rows, claim.shard.losses) == (ROWS // 2, 0)
