"""What a token may have at a time, counted where several processes cannot both be first."""

from typing import Any

import pytest

from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tokens import hashed
from jobs.core.batch import Batch
from jobs.core.errors import BadRequest, TooMany
from jobs.core.limits import Limits, changed
from jobs.core.prediction import State
from tests.ports import stores
from tests.ports.stores import LEASE_S, clock

ONE = hashed("one")


@pytest.fixture(autouse=True)
def token(store: SqlStore) -> None:
    store.tokens.create("one", "ann", "one", [], clock())


def submit(store: SqlStore, limits: Limits, rows: int = 0, **changes: Any) -> Batch:
    batch = stores.a_batch(token=ONE, **changes)
    return store.batches.create(
        batch, key=None, request_hash="h", limits=limits, expected_rows=rows
    )


def test_no_more_batches_than_allowed_until_one_has_ended(store: SqlStore) -> None:
    limits = Limits(batches=2)
    first = submit(store, limits)
    submit(store, limits)
    with pytest.raises(TooMany, match="2 batches under way and may have 2") as refused:
        submit(store, limits)
    assert refused.value.retry_after_s > 0
    stores.created(store)  # another token's
    store.batches.stop(first.id, "cancelled", clock())
    submit(store, limits)


def test_rows_count_as_expected_until_they_are_counted_and_until_they_end(store: SqlStore) -> None:
    limits = Limits(rows=100)
    batch = submit(store, limits, rows=60)
    with pytest.raises(TooMany, match="about 60 rows under way"):
        submit(store, limits, rows=41)
    held = store.batches.claim(batch.id, LEASE_S)
    assert held is not None
    counts = stores.Counts(total=80)
    store.batches.move(held, stores.State.IN_PROGRESS, clock(), rows=80, counts=counts)
    with pytest.raises(TooMany, match="about 80 rows"):
        submit(store, limits, rows=40)
    claim = store.shards.claim(batch.id, LEASE_S, None)
    assert claim is not None
    store.shards.commit(claim.shard, stores.done(claim.shard), clock())
    submit(store, limits, rows=84)


def test_a_batch_that_would_never_fit_is_not_told_to_come_again(store: SqlStore) -> None:
    with pytest.raises(BadRequest, match="split it"):
        submit(store, Limits(rows=100), rows=101)


def test_no_more_predictions_than_allowed(store: SqlStore) -> None:
    limits = Limits(predictions=1)
    value = stores.a_prediction(token=ONE)
    store.predictions.create(value, limits)
    with pytest.raises(TooMany):
        store.predictions.create(stores.a_prediction(token=ONE), limits)
    held = store.predictions.claim(value.id, LEASE_S, clock())
    assert held is not None
    with pytest.raises(TooMany):
        store.predictions.create(stores.a_prediction(token=ONE), limits)
    store.predictions.finish(held, State.SUCCEEDED, clock(), output=1)
    store.predictions.create(stores.a_prediction(token=ONE), limits)


@pytest.mark.parametrize("what", ["batches", "predictions"])
def test_of_many_that_come_at_once_just_so_many_are_let_in(store: SqlStore, what: str) -> None:
    def one(_: int) -> object:
        if what == "batches":
            return submit(store, Limits(batches=3))
        return store.predictions.create(stores.a_prediction(token=ONE), Limits(predictions=3))

    got = stores.together(8, one)
    assert sum(isinstance(one, TooMany) for one in got) == 5
    assert sum(isinstance(one, Exception) for one in got) == 5


def test_requests_are_let_in_at_their_rate(store: SqlStore) -> None:
    slow = 1 / 3600  # one an hour, and one at once
    assert store.tokens.admit(ONE, slow, 1.0) is None
    wait_s = store.tokens.admit(ONE, slow, 1.0)
    assert wait_s is not None
    assert 3500 < wait_s <= 3600


def test_requests_that_come_at_once_are_counted_once_each(store: SqlStore) -> None:
    """Five within the burst and one more; each let in moves the next one on."""
    got = stores.together(12, lambda _: store.tokens.admit(ONE, 0.01, 500.0))
    assert sum(one is None for one in got) == 6


def test_after_a_while_requests_are_let_in_again(store: SqlStore) -> None:
    per_s = 20.0
    let_in = 0
    until = store.database.now() + 1.0
    while store.database.now() < until:
        let_in += store.tokens.admit(ONE, per_s, 0.0) is None
    assert 2 <= let_in <= 23


def test_a_tokens_own_limits_lie_over_the_servers(store: SqlStore) -> None:
    server = Limits(batches=5, rows=1000)
    assert store.tokens.limit(ONE[:12], lambda own: changed(own, ["rows=none", "predictions=7"]))
    caller = store.tokens.caller("one", server)
    assert caller is not None
    assert caller.limits == Limits(batches=5, rows=None, predictions=7)
    assert store.tokens.limit(ONE[:12], lambda own: changed(own, ["rows=default"]))
    again = store.tokens.caller("one", server)
    assert again is not None
    assert again.limits == Limits(batches=5, rows=1000, predictions=7)
    assert not store.tokens.limit("zz", lambda own: own)
