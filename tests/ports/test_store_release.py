"""What a new process tree does with the leases of the dead one."""

import pytest

from jobs.adapters.sql.store import SqlStore
from jobs.core.batch import LOSSES_BEFORE_SPLIT, PILOT_ROWS, State, covers
from jobs.core.errors import Fenced
from tests.ports import stores
from tests.ports.stores import LEASE_S, clock


def test_a_shard_is_claimed_again_at_once_and_the_dead_are_fenced(store: SqlStore) -> None:
    batch = stores.running(store, PILOT_ROWS)
    dead = store.shards.claim(batch.id, LEASE_S, None)
    assert dead is not None
    assert store.shards.claim(batch.id, LEASE_S, None) is None

    store.release()

    assert store.shards.renew(dead.shard, LEASE_S, 3) == "lost"
    with pytest.raises(Fenced):
        store.shards.commit(dead.shard, stores.done(dead.shard), clock())
    alive = store.shards.claim(batch.id, LEASE_S, None)
    assert alive is not None
    assert (alive.shard.first, alive.shard.losses) == (0, 1)
    assert alive.shard.lease_token > dead.shard.lease_token
    assert store.batches.get(batch.id).shards_redone == 1


def test_twenty_losses_in_a_row_give_up_no_row(store: SqlStore) -> None:
    """The shard gets smaller with every third loss; nothing is left out, nothing is run twice."""
    batch = stores.running(store, PILOT_ROWS)
    for _ in range(20):
        claim = store.shards.claim(batch.id, LEASE_S, None)
        assert claim is not None
        assert claim.shard.rows > 1 or claim.shard.losses < LOSSES_BEFORE_SPLIT
        store.release()

    while claim := store.shards.claim(batch.id, LEASE_S, None):
        assert claim.shard.losses < LOSSES_BEFORE_SPLIT
        store.shards.commit(claim.shard, stores.done(claim.shard), clock())

    pieces = [(shard.first, shard.rows) for shard in store.shards.done(batch.id)]
    assert covers(pieces, PILOT_ROWS)
    ended = store.batches.get(batch.id)
    assert (ended.state, ended.counts.completed) == (State.FINALIZING, PILOT_ROWS)


def test_all_other_leased_work_is_due_at_once(store: SqlStore) -> None:
    validating = stores.created(store, webhook=stores.HOOK)
    assert store.batches.claim(validating.id, LEASE_S)
    store.models.create("ann/hello", "ann", clock())
    version, asked = stores.a_version(), stores.asked(store)
    store.models.push(version)
    assert store.models.claim(version.id, LEASE_S)
    assert store.predictions.claim(asked.id, LEASE_S, clock())
    [sent] = store.deliveries.claim(10, LEASE_S)
    assert store.deliveries.claim(10, LEASE_S) == []
    assert (store.models.due(), store.predictions.due(), store.batches.due()) == ([], [], [])

    store.release()

    assert store.batches.due() == [validating.id]
    assert store.models.due() == [version.id]
    assert store.predictions.due() == [asked.id]
    [again] = store.deliveries.claim(10, LEASE_S)
    assert (again.id, again.attempts) == (sent.id, 0)
    attempt = {"status": 200, "error": None, "duration_s": 0.1, "body_start": b""}
    assert not store.deliveries.record(sent, "delivered", None, attempt)


def test_a_lost_attempt_counts_like_a_dead_worker(store: SqlStore) -> None:
    batch = stores.running(store, PILOT_ROWS)
    for losses in range(LOSSES_BEFORE_SPLIT):
        claim = store.shards.claim(batch.id, LEASE_S, None)
        assert claim is not None
        assert claim.shard.losses == losses
        store.shards.lose(claim.shard)

    claim = store.shards.claim(batch.id, LEASE_S, None)
    assert claim is not None
    assert (claim.shard.rows, claim.shard.losses) == (PILOT_ROWS // 2, 0)
