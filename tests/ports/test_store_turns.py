"""Whose turn it is: owners by what they have had, then priority, then who waited longest."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import batches, shares
from jobs.core.batch import MAX_SHARD_ROWS, TARGET_SHARD_S, Batch, State
from jobs.core.errors import Conflict
from tests.ports import stores
from tests.ports.stores import LEASE_S, clock

MANY = 1_000_000
SLOW_S = 1.0


def serve(store: SqlStore, cost: dict[str, float], **claims: Any) -> str:
    """A worker takes the next shard and does it; whose it was. `cost`: seconds a row, by owner."""
    for id in store.turns.rows(**claims):
        batch = store.batches.get(id)
        found = store.shards.claim(id, LEASE_S, cost[batch.owner])
        if found is not None:
            done = stores.done(found.shard)
            store.shards.commit(found.shard, replace(done, seconds=cost_of(found, cost)), clock())
            return batch.owner
    raise AssertionError("nothing is due")


def cost_of(found: Any, cost: dict[str, float]) -> float:
    return float(found.shard.rows * cost[found.batch.owner])


def turn(store: SqlStore, **asked: Any) -> str:
    return store.turns.rows(**asked)[0]


def test_a_small_batch_is_next_though_another_owner_has_a_million_rows(store: SqlStore) -> None:
    stores.running(store, MANY, owner="big")
    cost = {"big": SLOW_S, "small": SLOW_S}
    for _ in range(5):
        serve(store, cost)
    small = stores.running(store, 10, owner="small")
    assert serve(store, cost) == "small"
    assert store.batches.get(small.id).state is State.FINALIZING


def test_owners_have_equal_time_whatever_their_shards_take(store: SqlStore) -> None:
    for owner in ("fast", "slow"):
        stores.running(store, 50 * MANY, owner=owner)
    cost = {"fast": TARGET_SHARD_S / MAX_SHARD_ROWS / 10, "slow": SLOW_S}  # 3 s and 30 s a shard
    served = Counter(serve(store, cost) for _ in range(44))
    assert 9 <= served["fast"] / served["slow"] <= 11


def test_many_batches_of_one_owner_have_no_more_than_one_of_another(store: SqlStore) -> None:
    for _ in range(9):
        stores.running(store, MANY, owner="many")
    stores.running(store, MANY, owner="one")
    cost = {"many": SLOW_S, "one": SLOW_S}
    assert Counter(serve(store, cost) for _ in range(20)) == {"many": 10, "one": 10}


def test_nobody_saves_up_turns_while_away(store: SqlStore) -> None:
    stores.running(store, MANY, owner="busy")
    cost = {"busy": SLOW_S, "away": SLOW_S}
    for _ in range(10):
        serve(store, cost)
    stores.running(store, MANY, owner="away")
    served = [serve(store, cost) for _ in range(10)]
    assert served[0] == "away"
    assert Counter(served) == {"away": 5, "busy": 5}


def test_what_was_thought_to_take_long_and_did_not_is_made_good(store: SqlStore) -> None:
    for owner in ("ann", "bob"):
        stores.running(store, MANY, owner=owner)
    first = store.shards.claim(turn(store), LEASE_S, SLOW_S)
    assert first is not None
    assert first.shard.seconds == TARGET_SHARD_S
    done = replace(stores.done(first.shard), seconds=0.1)
    assert serve(store, {"ann": 0.0001, "bob": 0.0001}) != first.batch.owner  # 4 s of rows
    store.shards.commit(first.shard, done, clock())
    assert store.batches.get(turn(store)).owner == first.batch.owner


def test_priority_is_among_the_batches_of_one_owner(store: SqlStore) -> None:
    low, normal, high = (stores.running(store, 64, priority=number) for number in (-1, 0, 1))
    other = stores.running(store, 64, owner="bob", priority=-1)
    cost = {"ann": SLOW_S, "bob": SLOW_S}
    assert [id for id in store.turns.rows() if id != other.id] == [high.id, normal.id, low.id]
    assert {serve(store, cost), serve(store, cost)} == {"ann", "bob"}
    assert store.batches.get(low.id).cursor == 0


def test_batches_of_one_owner_take_turns_and_the_oldest_begins(store: SqlStore) -> None:
    ids = [stores.running(store, MANY).id for _ in range(3)]
    assert store.turns.rows() == ids
    for at, id in enumerate([*ids, *ids], start=1):
        assert turn(store) == id
        assert store.shards.claim(id, LEASE_S, SLOW_S) is not None
        # SQLite's clock counts milliseconds, and two claims may be in one
        stores.put(store, batches, {"id": id}, served_at=float(at))


def test_what_is_warm_goes_first_but_not_before_what_was_never_served(store: SqlStore) -> None:
    cold = stores.running(store, MANY, owner="cold", version="c" * 64)
    warm = stores.running(store, MANY, owner="warm", version="d" * 64)
    for batch in (cold, warm, warm):
        assert store.shards.claim(batch.id, LEASE_S, SLOW_S) is not None
    assert turn(store) == cold.id
    assert turn(store, warm={"d" * 64}) == warm.id
    new = stores.running(store, 10, owner="new", version="e" * 64)
    assert turn(store, warm={"d" * 64}) == new.id


def test_a_worker_takes_what_its_hardware_may_run(store: SqlStore) -> None:
    plain, gpu, a100 = (stores.running(store, 64, hardware=name) for name in (None, "gpu", "a100"))
    assert store.turns.rows() == [plain.id, gpu.id, a100.id]
    assert store.turns.rows(frozenset()) == [plain.id]
    assert store.turns.rows(frozenset({"a100", "h100"})) == [plain.id, a100.id]
    assert store.turns.classes() == ["a100", "gpu"]
    asked = stores.asked(store, hardware="gpu")
    assert store.predictions.claim(asked.id, LEASE_S, clock(), frozenset({"cpu"})) is None
    assert store.predictions.claim(asked.id, LEASE_S, clock(), frozenset({"gpu"})) is not None
    store.models.create("ann/hello", "ann", clock())
    version = store.models.push(stores.a_version(hardware="h100"))
    assert store.models.claim(version.id, LEASE_S, frozenset()) is None
    assert store.turns.classes() == ["a100", "gpu", "h100"]
    assert store.models.claim(version.id, LEASE_S, frozenset({"h100"})) is not None


def test_a_paused_batch_is_nobodys_turn_until_it_is_resumed(store: SqlStore) -> None:
    batch = stores.running(store, 500)
    begun = store.shards.claim(batch.id, LEASE_S, None)
    assert begun is not None
    for _ in range(2):
        assert store.batches.pause(batch.id, True).paused
    assert (store.turns.rows(), store.batches.due()) == ([], [])
    assert store.shards.claim(batch.id, LEASE_S, None) is None
    assert store.shards.renew(begun.shard, LEASE_S, 3) == "pause"
    after = store.shards.commit(begun.shard, stores.done(begun.shard, 5), clock())
    assert (after.state, after.paused, after.counts.completed) == (State.IN_PROGRESS, True, 5)
    assert not store.batches.pause(batch.id, False).paused
    assert store.turns.rows() == [batch.id]
    again = store.shards.claim(batch.id, LEASE_S, None)
    assert again is not None
    assert (again.shard.first, again.shard.rows) == (5, 59)


@pytest.mark.parametrize("why", ["cancelled", "expired"])
def test_a_paused_batch_can_be_stopped(store: SqlStore, why: str) -> None:
    batch = stores.running(store, 500)
    store.batches.pause(batch.id, True)
    assert store.batches.stop(batch.id, why, clock()).state is State.FINALIZING
    with pytest.raises(Conflict):
        store.batches.pause(batch.id, False)


def test_a_batch_that_is_paused_while_it_is_validated_stays_so(store: SqlStore) -> None:
    held = store.batches.claim(stores.created(store).id, LEASE_S)
    assert held is not None
    store.batches.pause(held.id, True)
    moved = store.batches.move(held, State.IN_PROGRESS, clock(), snapshot="s", rows=10)
    assert store.batches.get(moved.id).paused
    assert store.turns.rows() == []


def test_what_is_stopped_or_has_ended_cannot_be_paused(store: SqlStore) -> None:
    cancelling = stores.running(store, 500)
    store.shards.claim(cancelling.id, LEASE_S, None)
    store.batches.stop(cancelling.id, "cancelled", clock())
    for batch in (cancelling, stores.finalizing(store), stores.completed(store)):
        with pytest.raises(Conflict):
            store.batches.pause(batch.id, True)


def chore(store: SqlStore, **changes: Any) -> Batch:
    return stores.created(store, **changes)


def test_chores_go_to_who_has_the_fewest_under_way(store: SqlStore) -> None:
    first, second = (chore(store, owner="many") for _ in range(2))
    other = chore(store, owner="one")
    urgent = chore(store, owner="one", priority=1)
    assert store.turns.chores() == [urgent.id, first.id, second.id, other.id]
    assert store.batches.claim(first.id, LEASE_S) is not None
    assert store.turns.chores() == [urgent.id, other.id, second.id]


def test_a_large_manifest_can_be_left_to_others(store: SqlStore) -> None:
    large = chore(store, size_bytes=10**9)
    small = chore(store, size_bytes=100)
    ended = stores.finalizing(store)
    assert store.turns.chores() == [large.id, small.id, ended.id]
    assert store.turns.chores(1000) == [small.id, ended.id]


def test_threads_that_claim_for_one_owner_at_once_all_count(store: SqlStore) -> None:
    ids = [stores.running(store, MANY).id for _ in range(6)]
    got = stores.together(6, lambda number: store.shards.claim(ids[number], LEASE_S, SLOW_S))
    assert [one for one in got if isinstance(one, Exception) or one is None] == []
    with store.database.read() as connection:
        kept = connection.execute(select(shares.c.start, shares.c.finish)).one()
    assert tuple(kept) == (5 * TARGET_SHARD_S, 6 * TARGET_SHARD_S)


def test_only_what_was_never_served_and_is_next_need_not_wait(store: SqlStore) -> None:
    big = stores.running(store, MANY, owner="big")
    assert store.turns.newcomer() == big.id
    cost = {"big": SLOW_S, "small": SLOW_S}
    serve(store, cost)
    assert store.turns.newcomer() is None
    small = stores.running(store, 100, owner="small", hardware="gpu")
    assert store.turns.newcomer() == small.id
    assert store.turns.newcomer(frozenset()) is None
    serve(store, cost)
    stores.running(store, MANY, owner="small")  # new, but its owner has had as much
    serve(store, cost)
    assert store.turns.newcomer() is None
