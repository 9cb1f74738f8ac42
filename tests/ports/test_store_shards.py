"""Shards: cut at the cursor, taken over, split, committed once, and never overlapping."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import shards
from jobs.core.batch import (
    LOSSES_BEFORE_SPLIT,
    PILOT_ROWS,
    TARGET_SHARD_S,
    Batch,
    Shard,
    State,
    covers,
)
from jobs.core.errors import Fenced
from tests.ports import stores
from tests.ports.stores import LEASE_S, OVER, clock


def claim(
    store: SqlStore, batch: Batch, lease_s: float = LEASE_S, seconds_per_item: float | None = None
) -> Shard:
    found = store.shards.claim(batch.id, lease_s, seconds_per_item)
    assert found is not None
    return found.shard


def commit(store: SqlStore, shard: Shard, rows: int | None = None) -> Batch:
    return store.shards.commit(shard, stores.done(shard, rows), clock())


def spans(held: list[Shard]) -> list[tuple[int, int]]:
    return [(shard.first, shard.rows) for shard in held]


def test_shards_are_cut_at_the_cursor(store: SqlStore) -> None:
    batch = stores.running(store, 500)
    pilot = claim(store, batch)
    sized = [claim(store, batch, seconds_per_item=0.1) for _ in range(4)]
    # half of what is left, but of what takes ten seconds no part
    halves = [(64, 218), (282, 109), (391, 100), (491, 9)]
    assert spans([pilot, *sized]) == [(0, PILOT_ROWS), *halves]
    assert store.batches.get(batch.id).cursor == 500
    assert store.shards.claim(batch.id, LEASE_S, None) is None


def test_a_claim_brings_the_batch(store: SqlStore) -> None:
    batch = stores.running(store, 500)
    found = store.shards.claim(batch.id, LEASE_S, None)
    assert found is not None
    assert found.batch == batch


def test_nothing_is_cut_unless_the_batch_runs(store: SqlStore) -> None:
    waiting, ended = stores.created(store), stores.completed(store)
    stopped = stores.running(store, 100)
    claim(store, stopped)
    store.batches.stop(stopped.id, "expired", clock())
    for batch in (waiting, ended, stopped):
        assert store.shards.claim(batch.id, LEASE_S, None) is None


def test_what_was_given_back_comes_before_what_is_new(store: SqlStore) -> None:
    batch = stores.running(store, 500)
    first, _ = claim(store, batch), claim(store, batch)
    store.shards.give_back(first, clock(), failed=True)
    again = claim(store, batch)
    assert (again.first, again.attempts, again.losses) == (0, 1, 0)
    assert again.lease_token == first.lease_token + 1
    assert claim(store, batch).first == 128


def test_a_shard_given_back_without_fault_uses_up_no_attempt(store: SqlStore) -> None:
    batch = stores.running(store, 64)
    store.shards.give_back(claim(store, batch), clock(), failed=False)
    assert claim(store, batch).attempts == 0


def test_a_lost_shard_is_counted_and_taken_over(store: SqlStore) -> None:
    batch = stores.running(store, 500)
    lost = claim(store, batch, OVER)
    again = claim(store, batch)
    assert (again.first, again.rows, again.losses, again.attempts) == (0, 64, 1, 0)
    assert again.lease_token == lost.lease_token + 1
    assert store.batches.get(batch.id).shards_redone == 1


def test_after_three_losses_a_shard_is_split(store: SqlStore) -> None:
    batch = stores.running(store, 64)
    store.shards.give_back(claim(store, batch), clock(), failed=True)
    for _ in range(LOSSES_BEFORE_SPLIT):
        claim(store, batch, OVER)
    head, tail = claim(store, batch), claim(store, batch)
    assert spans([head, tail]) == [(0, 32), (32, 32)]
    assert (head.losses, head.attempts, tail.losses, tail.attempts) == (0, 0, 0, 0)
    # an attempt's key holds the token, so that it must be new even for a part
    assert head.lease_token == LOSSES_BEFORE_SPLIT + 2


def test_splitting_goes_down_to_the_poisonous_row(store: SqlStore) -> None:
    poison, batch = 5, stores.running(store, 16)
    seen: set[tuple[int, int]] = set()
    while found := store.shards.claim(batch.id, OVER, None):
        shard = found.shard
        assert (shard.first, shard.lease_token) not in seen
        seen.add((shard.first, shard.lease_token))
        alone = shard.rows == 1 and shard.losses >= LOSSES_BEFORE_SPLIT
        if alone or not shard.first <= poison < shard.first + shard.rows:
            commit(store, shard)
    done = store.shards.done(batch.id)
    assert covers(spans(done), 16)
    assert [one.first for one in done if one.rows == 1 and one.losses >= 3] == [poison]
    assert store.batches.get(batch.id).state is State.FINALIZING


def test_a_commit_is_fenced_by_its_token(store: SqlStore) -> None:
    batch = stores.running(store, 64)
    stale = claim(store, batch, OVER)
    fresh = claim(store, batch)
    for late in (stale, replace(fresh, lease_token=99)):
        with pytest.raises(Fenced):
            commit(store, late)
    assert store.batches.get(batch.id).counts.completed == 0
    commit(store, fresh)
    assert store.shards.done(batch.id)[0].output == stores.done(fresh).output
    with pytest.raises(Fenced):
        commit(store, fresh)
    assert store.batches.get(batch.id).counts.completed == 64


def test_a_commit_counts_and_keeps_what_it_says(store: SqlStore) -> None:
    batch = stores.running(store, 500)
    shard = claim(store, batch)
    done = replace(stores.done(shard), succeeded=60, failed=4, seconds=2.5)
    after = store.shards.commit(shard, done, clock())
    assert (after.counts.completed, after.counts.failed, after.shards_done) == (60, 4, 1)
    assert after == store.batches.get(batch.id)
    [kept] = store.shards.done(batch.id)
    assert (kept.succeeded, kept.failed, kept.seconds) == (60, 4, 2.5)


def test_a_lease_that_ran_out_can_be_renewed_while_nobody_took_it(store: SqlStore) -> None:
    batch = stores.running(store, 500)
    shard = claim(store, batch, OVER)
    assert store.shards.renew(shard, LEASE_S, 3) == "go"
    assert claim(store, batch).first == 64
    stores.run_out(store, shards, batch=batch.id, first=0)
    taken = claim(store, batch)
    assert taken.first == 0
    assert store.shards.renew(shard, LEASE_S, 4) == "lost"
    assert store.shards.renew(taken, LEASE_S, 0) == "go"


@pytest.mark.parametrize("why", ["cancelled", "expired"])
def test_a_renewal_tells_of_the_stop(store: SqlStore, why: str) -> None:
    batch = stores.running(store, 500)
    shard = claim(store, batch)
    store.batches.stop(batch.id, why, clock())
    assert store.shards.renew(shard, LEASE_S, 1) == "stop"
    assert commit(store, shard).state is State.FINALIZING


def test_a_stopped_batch_keeps_the_prefix_that_was_run(store: SqlStore) -> None:
    batch = stores.running(store, 500)
    shard = claim(store, batch)
    store.batches.stop(batch.id, "cancelled", clock())
    after = commit(store, shard, rows=10)
    assert (after.state, after.counts.completed) == (State.FINALIZING, 10)
    assert spans(store.shards.done(batch.id)) == [(0, 10)]


def test_the_rest_of_a_shard_that_was_begun_is_run_by_another(store: SqlStore) -> None:
    batch = stores.running(store, 64)
    lost = claim(store, batch, OVER)
    shard = claim(store, batch)
    after = commit(store, shard, rows=10)
    assert (after.state, after.counts.completed) == (State.IN_PROGRESS, 10)
    rest = claim(store, batch)
    assert (rest.first, rest.rows, rest.losses, rest.lease_token) == (10, 54, 1, 1)
    assert commit(store, rest).state is State.FINALIZING
    assert spans(store.shards.done(batch.id)) == [(0, 10), (10, 54)]
    with pytest.raises(Fenced):
        commit(store, lost)


def test_what_is_given_back_after_a_stop_is_not_run(store: SqlStore) -> None:
    batch = stores.running(store, 500)
    first, second = claim(store, batch), claim(store, batch)
    store.batches.stop(batch.id, "cancelled", clock())
    store.shards.give_back(first, clock(), failed=False)
    assert store.batches.get(batch.id).state is State.CANCELLING
    store.shards.give_back(second, clock(), failed=False)
    assert store.batches.get(batch.id).state is State.FINALIZING


def test_giving_back_what_was_taken_over_changes_nothing(store: SqlStore) -> None:
    batch = stores.running(store, 64)
    stale = claim(store, batch, OVER)
    fresh = claim(store, batch)
    store.shards.give_back(stale, clock(), failed=True)
    assert store.shards.claim(batch.id, LEASE_S, None) is None
    assert commit(store, fresh).state is State.FINALIZING


def test_a_stopped_batch_forgets_its_lost_attempts(store: SqlStore) -> None:
    batch = stores.running(store, 500)
    lost, kept, alive = claim(store, batch), claim(store, batch), claim(store, batch)
    commit(store, kept)
    store.batches.stop(batch.id, "cancelled", clock())
    stores.run_out(store, shards, batch=batch.id, first=lost.first)
    store.shards.drop_lost(batch.id, clock())
    assert store.batches.get(batch.id).state is State.CANCELLING  # one is still at work
    with pytest.raises(Fenced):
        commit(store, lost)
    assert store.shards.renew(lost, LEASE_S, 1) == "lost"
    after = commit(store, alive, rows=1)
    assert (after.state, after.counts.completed) == (State.FINALIZING, 65)
    assert spans(store.shards.done(batch.id)) == [(64, 64), (128, 1)]
    assert store.batches.live(batch.id, "ann")[1] == 0


def test_a_batch_that_runs_forgets_nothing(store: SqlStore) -> None:
    batch = stores.running(store, 64)
    claim(store, batch, OVER)
    store.shards.drop_lost(batch.id, clock())
    assert claim(store, batch).losses == 1


def test_eight_threads_never_overlap(store: SqlStore) -> None:
    batch = stores.running(store, 900)

    def run(_: int) -> list[Shard]:
        mine = []
        while found := store.shards.claim(batch.id, LEASE_S, 3.0):
            mine.append(found.shard)
            commit(store, found.shard)
        return mine

    got = stores.together(8, run)
    held = [shard for mine in got if isinstance(mine, list) for shard in mine]
    assert [one for one in got if isinstance(one, Exception)] == []
    assert covers(spans(held), 900)
    after = store.batches.get(batch.id)
    assert (after.state, after.counts.completed) == (State.FINALIZING, 900)
    assert after.shards_done == len(held) >= 900 * 3.0 / TARGET_SHARD_S


def mishap(store: SqlStore, batch: Batch, dice: random.Random) -> Callable[[Shard], None]:
    """One of the things that happen to an attempt."""

    def committed(shard: Shard) -> None:
        commit(store, shard)

    def given_back(shard: Shard) -> None:
        store.shards.give_back(shard, clock(), failed=True)

    def stale(shard: Shard) -> None:
        stores.run_out(store, shards, batch=batch.id, first=shard.first)
        store.shards.renew(shard, LEASE_S, 1)
        commit(store, shard)

    def lost(shard: Shard) -> None:
        store.shards.renew(shard, OVER, 1)

    return dice.choice([committed, committed, given_back, stale, lost])


def test_whatever_happens_to_attempts_each_row_is_committed_once(store: SqlStore) -> None:
    batch = stores.running(store, 400)

    def run(number: int) -> None:
        dice = random.Random(number)
        while store.batches.get(batch.id).state is State.IN_PROGRESS:
            found = store.shards.claim(batch.id, LEASE_S, 3.0)
            if found is not None:
                try:
                    mishap(store, batch, dice)(found.shard)
                except (Fenced, AssertionError):  # somebody took it in between
                    continue

    assert [one for one in stores.together(6, run) if one is not None] == []
    done = store.shards.done(batch.id)
    after = store.batches.get(batch.id)
    assert covers(spans(done), 400)
    assert (after.state, after.counts.completed) == (State.FINALIZING, 400)
    assert after.shards_done == len(done)
