"""Batches: kept once per key, moved by compare-and-set, leased, stopped, settled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import batches, shards
from jobs.core.batch import Batch, Counts, Shard, State
from jobs.core.errors import Conflict, Fenced, IllegalMove, NotFound
from jobs.core.page import Page
from tests.ports import stores
from tests.ports.stores import LEASE_S, OVER, clock


def keep(store: SqlStore, key: str | None, hash: str = "1", **changes: Any) -> Batch:
    return store.batches.create(stores.a_batch(**changes), key=key, request_hash=hash)


def claim(store: SqlStore, id: str, lease_s: float = LEASE_S) -> Batch:
    held = store.batches.claim(id, lease_s)
    assert held is not None
    return held


def cut(store: SqlStore, batch: Batch, lease_s: float = LEASE_S) -> Shard:
    found = store.shards.claim(batch.id, lease_s, None)
    assert found is not None
    return found.shard


# --- kept -----------------------------------------------------------------------------------------


def test_what_was_kept_is_read(store: SqlStore) -> None:
    batch = stores.a_batch(
        metadata={"täg": "✓ 🙂"},
        webhook=stores.HOOK,
        webhook_events=("batch.completed",),
        input_url="s3://bucket/key",
        destination="s3://bucket/out/",
        parent="batch_0",
        size_bytes=2**40,
        errors=({"line": 1, "message": "'\0' is not JSON"},),
    )
    kept = store.batches.create(batch, key=None, request_hash="h")
    times = {"created_at": batch.created_at, "expires_at": batch.expires_at}
    assert replace(kept, **times) == batch
    assert store.batches.get(batch.id) == store.batches.get(batch.id, "ann") == kept


def test_what_is_not_there_or_somebody_elses_is_not_found(store: SqlStore) -> None:
    batch = stores.created(store)
    for id, owner in (("batch_none", None), (batch.id, "bob"), ("a\0b", None)):
        with pytest.raises(NotFound):
            store.batches.get(id, owner)
    with pytest.raises(NotFound):
        store.batches.live(batch.id, "bob")
    with pytest.raises(NotFound):
        store.batches.stop("batch_none", "cancelled", clock())
    assert store.batches.claim("batch_none", LEASE_S) is None
    assert store.shards.claim("batch_none", LEASE_S, None) is None


def test_the_same_key_gives_the_same_batch(store: SqlStore) -> None:
    first = keep(store, "k")
    assert keep(store, "k") == first
    assert stores.told(store, first.id) == [(1, "batch.created")]


def test_the_same_key_for_another_request_is_refused(store: SqlStore) -> None:
    first = keep(store, "k")
    with pytest.raises(Conflict, match="Idempotency-Key"):
        keep(store, "k", "2")
    assert store.batches.newest("ann", Page()).items == (first,)


def test_a_key_is_its_owners(store: SqlStore) -> None:
    ids = {keep(store, "k").id, keep(store, "k", owner="bob").id}
    ids |= {keep(store, None).id, keep(store, None).id}
    assert len(ids) == 4


@pytest.mark.parametrize("bodies", [1, 8])
def test_a_key_used_by_many_at_once_gives_one_batch(store: SqlStore, bodies: int) -> None:
    got = stores.together(8, lambda number: keep(store, "k", str(number % bodies)))
    kept = [one for one in got if isinstance(one, Batch)]
    assert len({batch.id for batch in kept}) == 1
    assert len(kept) == 8 // bodies
    assert all(isinstance(one, Conflict) for one in got if not isinstance(one, Batch))
    assert stores.told(store, kept[0].id) == [(1, "batch.created")]


def test_the_newest_come_first_page_by_page(store: SqlStore) -> None:
    ids = [stores.created(store, id=f"batch_{number}").id for number in range(5)]
    stores.created(store, id="batch_9", owner="bob")

    def page(**at: str) -> list[str]:
        return [batch.id for batch in store.batches.newest("ann", Page(2, **at)).items]

    assert page() == [ids[4], ids[3]]
    assert page(after=ids[3]) == [ids[2], ids[1]]
    assert page(before=ids[2]) == [ids[4], ids[3]]


def test_an_error_of_the_database_tells_no_values(store: SqlStore) -> None:
    batch = stores.created(store, metadata={"who": "a secret"})
    with pytest.raises(IntegrityError) as raised:
        store.batches.create(batch, key=None, request_hash="h")
    assert "a secret" not in str(raised.value)
    assert "INSERT INTO batches" in str(raised.value)


# --- leased ---------------------------------------------------------------------------------------


def test_one_of_many_gets_the_lease(store: SqlStore) -> None:
    id = stores.created(store).id
    got = stores.together(8, lambda _: store.batches.claim(id, LEASE_S))
    assert [batch.lease_token for batch in got if isinstance(batch, Batch)] == [1]
    assert got.count(None) == 7


def test_whoever_lost_the_lease_is_fenced(store: SqlStore) -> None:
    id = stores.created(store).id
    old, new = claim(store, id, OVER), claim(store, id)
    assert (old.lease_token, new.lease_token) == (1, 2)
    assert not store.batches.renew(old, LEASE_S)
    with pytest.raises(Fenced):
        store.batches.move(old, State.FAILED, clock())
    assert store.batches.renew(new, LEASE_S)
    assert store.batches.move(new, State.FAILED, clock()).state is State.FAILED


def test_a_lease_that_ran_out_can_be_renewed_while_nobody_took_it(store: SqlStore) -> None:
    id = stores.created(store).id
    held = claim(store, id, OVER)
    assert store.batches.due() == [id]
    assert store.batches.renew(held, LEASE_S)
    assert store.batches.due() == []
    assert store.batches.claim(id, LEASE_S) is None


def test_only_validating_and_finalizing_are_leased(store: SqlStore) -> None:
    assert store.batches.claim(stores.running(store, 1).id, LEASE_S) is None
    assert store.batches.claim(stores.completed(store).id, LEASE_S) is None
    assert claim(store, stores.finalizing(store).id).state is State.FINALIZING


# --- moved ----------------------------------------------------------------------------------------


def test_a_move_is_saved_with_its_changes_its_time_and_its_event(store: SqlStore) -> None:
    batch = stores.running(store, 7)
    at = batch.times["in_progress"]
    assert store.batches.get(batch.id) == batch
    assert (batch.rows, batch.counts, at > 0) == (7, Counts(total=7), True)
    assert stores.told(store, batch.id) == [(1, "batch.created"), (2, "batch.in_progress")]


def test_only_one_of_two_moves_from_a_state_counts(store: SqlStore) -> None:
    held = claim(store, stores.created(store).id)
    states = [State.IN_PROGRESS, State.FAILED] * 4
    got = stores.together(8, lambda number: store.batches.move(held, states[number], clock()))
    moved = [one for one in got if isinstance(one, Batch)]
    assert len(moved) == 1
    assert all(isinstance(one, Fenced) for one in got if not isinstance(one, Batch))
    assert store.batches.get(held.id).state is moved[0].state
    assert len(stores.told(store, held.id)) == 2


def test_a_move_that_the_table_has_not_is_refused(store: SqlStore) -> None:
    held = claim(store, stores.created(store).id)
    with pytest.raises(IllegalMove):
        store.batches.move(held, State.COMPLETED, clock())
    assert store.batches.get(held.id) == held
    assert len(stores.told(store, held.id)) == 1


# --- stopped --------------------------------------------------------------------------------------

Make = Callable[[SqlStore], Batch]


def leased(store: SqlStore) -> Batch:
    batch = stores.running(store, 200)
    cut(store, batch)
    return batch


@pytest.mark.parametrize(
    ("make", "why", "state"),
    [
        (stores.created, "cancelled", State.CANCELLED),
        (stores.created, "expired", State.EXPIRED),
        (lambda store: stores.running(store, 200), "cancelled", State.FINALIZING),
        (lambda store: stores.running(store, 200), "expired", State.FINALIZING),
        (leased, "cancelled", State.CANCELLING),
        (leased, "expired", State.IN_PROGRESS),
    ],
)
def test_stopping_goes_on_to_the_next_state(
    store: SqlStore, make: Make, why: str, state: State
) -> None:
    batch = store.batches.stop(make(store).id, why, clock())
    assert batch.state is state
    assert batch.stop == (None if state in (State.CANCELLED, State.EXPIRED) else why)
    assert store.batches.get(batch.id) == batch


@pytest.mark.parametrize("make", [stores.finalizing, stores.completed])
@pytest.mark.parametrize("why", ["cancelled", "expired"])
def test_what_is_finalizing_or_has_ended_cannot_be_stopped(
    store: SqlStore, make: Make, why: str
) -> None:
    batch = make(store)
    with pytest.raises(IllegalMove):
        store.batches.stop(batch.id, why, clock())
    assert store.batches.get(batch.id) == batch


def test_stopping_again_changes_nothing(store: SqlStore) -> None:
    batch = store.batches.stop(leased(store).id, "cancelled", clock())
    for why in ("cancelled", "expired"):
        assert store.batches.stop(batch.id, why, clock()) == batch
    batch = store.batches.stop(leased(store).id, "expired", clock())
    assert store.batches.stop(batch.id, "expired", clock()) == batch


def test_what_is_expiring_can_be_cancelled(store: SqlStore) -> None:
    batch = store.batches.stop(leased(store).id, "expired", clock())
    batch = store.batches.stop(batch.id, "cancelled", clock())
    assert (batch.state, batch.stop) == (State.CANCELLING, "cancelled")


def test_a_cancel_fences_the_validation(store: SqlStore) -> None:
    held = claim(store, stores.created(store).id)
    store.batches.stop(held.id, "cancelled", clock())
    assert not store.batches.renew(held, LEASE_S)
    with pytest.raises(Fenced):
        store.batches.move(held, State.IN_PROGRESS, clock())
    assert stores.told(store, held.id) == [(1, "batch.created"), (2, "batch.cancelled")]


def test_of_many_who_cancel_while_a_shard_commits_all_agree(store: SqlStore) -> None:
    for _ in range(5):
        batch = stores.running(store, 64)
        shard = cut(store, batch)
        work: list[Callable[[], Batch]] = [
            lambda shard=shard: store.shards.commit(shard, stores.done(shard), clock()),  # type: ignore[misc]
            *[lambda id=batch.id: store.batches.stop(id, "cancelled", clock())] * 3,  # type: ignore[misc]
        ]
        got = stores.together(4, lambda number, work=work: work[number]())  # type: ignore[misc]
        after = store.batches.get(batch.id)
        assert after.state is State.FINALIZING
        assert (after.counts.completed, after.shards_done) == (64, 1)
        assert not isinstance(got[0], Exception)
        late = [one for one in got[1:] if isinstance(one, Exception)]
        assert all(isinstance(one, IllegalMove) for one in late)
        assert after.stop == (None if len(late) == 3 else "cancelled")


# --- settled --------------------------------------------------------------------------------------


def test_the_last_of_many_commits_settles(store: SqlStore) -> None:
    batch = stores.running(store, 8 * 64)
    held = [cut(store, batch) for _ in range(8)]
    got = stores.together(
        8, lambda number: store.shards.commit(held[number], stores.done(held[number]), clock())
    )
    assert [one.state for one in got if isinstance(one, Batch)].count(State.FINALIZING) == 1
    after = store.batches.get(batch.id)
    assert after.state is State.FINALIZING
    assert (after.counts.completed, after.counts.pending, after.shards_done) == (8 * 64, 0, 8)


def test_finalizing_ends_with_counts_and_one_event(store: SqlStore) -> None:
    held = claim(store, stores.finalizing(store).id)
    moved = store.batches.move(held, State.COMPLETED, clock(), results="batches/x/results.2/")
    assert store.batches.get(held.id) == moved
    assert [name for _, name in stores.told(store, held.id)] == [
        "batch.created",
        "batch.in_progress",
        "batch.completed",
    ]


def test_live_counts_the_rows_of_running_attempts(store: SqlStore) -> None:
    batch = stores.running(store, 300)
    first, second = cut(store, batch), cut(store, batch)
    store.shards.renew(first, LEASE_S, 10)
    store.shards.renew(second, LEASE_S, 5)
    assert store.batches.live(batch.id, "ann")[1] == 15
    store.shards.commit(first, stores.done(first), clock())
    seen, progress = store.batches.live(batch.id, "ann")
    assert (seen.counts.completed, progress) == (64, 5)


# --- what the sweep asks --------------------------------------------------------------------------


def test_due_is_what_a_worker_could_do_something_for(store: SqlStore) -> None:
    due = store.batches.due
    batch = stores.created(store)
    assert due() == [batch.id]
    held = claim(store, batch.id)
    assert due() == []
    store.batches.move(held, State.IN_PROGRESS, clock(), rows=100, counts=Counts(total=100))
    assert due() == [batch.id]
    first, second = cut(store, batch), cut(store, batch)
    assert due() == []  # every row is being run
    store.shards.give_back(first, clock(), failed=True)
    assert due() == [batch.id]
    first = cut(store, batch)
    assert due() == []
    stores.run_out(store, shards, batch=batch.id, first=second.first)
    assert due() == [batch.id]
    second = cut(store, batch)
    for shard in (first, second):
        store.shards.commit(shard, stores.done(shard), clock())
    assert due() == [batch.id]  # to be finalized
    held = claim(store, batch.id)
    assert due() == []
    store.batches.move(held, State.COMPLETED, clock())
    assert due() == []


def test_what_is_stopping_is_not_due_but_waits_for_its_attempts(store: SqlStore) -> None:
    batch = leased(store)
    assert store.batches.stopping() == []
    store.batches.stop(batch.id, "cancelled", clock())
    other = store.batches.stop(leased(store).id, "expired", clock())
    assert store.batches.due() == []
    assert sorted(store.batches.stopping()) == sorted([batch.id, other.id])
    stores.run_out(store, shards)
    for id in (batch.id, other.id):
        store.shards.drop_lost(id, clock())
    assert store.batches.stopping() == []
    assert sorted(store.batches.due()) == sorted([batch.id, other.id])


def test_due_goes_on_beyond_a_page(store: SqlStore) -> None:
    ids = [stores.created(store, id=f"batch_{number}").id for number in range(5)]
    assert store.batches.due(limit=2) == ids[:2]
    assert store.batches.due(after=ids[1], limit=2) == ids[2:4]
    assert store.batches.due(after=ids[3], limit=2) == ids[4:]


def test_overdue_is_what_still_has_rows_to_run(store: SqlStore) -> None:
    at = clock()
    late = at - timedelta(hours=1)
    stores.running(store, 200)
    stores.completed(store, expires_at=late)
    stores.finalizing(store, expires_at=late)
    waiting = stores.created(store, expires_at=late)
    run = stores.running(store, 200, expires_at=late)
    cut(store, run)
    assert sorted(store.batches.overdue()) == sorted([waiting.id, run.id])
    for id in (waiting.id, run.id):
        store.batches.stop(id, "expired", at)
    assert store.batches.overdue() == []


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_window_is_the_databases_time_whatever_the_clock_here_says(
    store: SqlStore, hours: int
) -> None:
    wrong = clock() + timedelta(hours=hours)
    made = stores.created(store, created_at=wrong, expires_at=wrong + timedelta(hours=24))
    assert store.batches.get(made.id) == made
    assert abs(made.expires_at - made.created_at - timedelta(hours=24)) < timedelta(seconds=1)
    assert abs(made.created_at - clock()) < timedelta(hours=1)
    assert store.batches.overdue() == []


def test_a_stopped_batch_of_which_nothing_ran_is_settled_at_once(store: SqlStore) -> None:
    batch = stores.running(store, 100)
    store.shards.give_back(cut(store, batch), clock(), failed=False)
    assert store.batches.stop(batch.id, "cancelled", clock()).state is State.FINALIZING
    assert store.shards.done(batch.id) == []
    assert store.batches.get(batch.id).counts == Counts(total=100)


def test_an_ended_batch_is_tidied_later(store: SqlStore) -> None:
    stores.running(store, 10)
    ended = stores.completed(store)
    assert store.batches.untidy(60) is None  # a stale worker may still be writing
    stores.leftovers_are_old(store, batches, ended.id)
    got = stores.together(8, lambda _: store.batches.untidy(60))
    assert [batch.id for batch in got if isinstance(batch, Batch)] == [ended.id]
    stores.put(store, batches, {"id": ended.id}, tidy_at=1.0)  # whoever took it was lost
    assert store.batches.untidy(60) == ended
    store.batches.tidied(ended.id)
    assert store.batches.untidy(-60) is None
