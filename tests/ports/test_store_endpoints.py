"""Standing endpoints: who is told what, for how long, and by which secrets it is signed."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from jobs.adapters.sql import endpoint_secrets as secrets_of
from jobs.adapters.sql import endpoints as noun
from jobs.adapters.sql.deliveries import Due
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import deliveries, endpoints
from jobs.core.batch import State as BatchState
from jobs.core.endpoint import DAY_S, Endpoint, Reason, State
from jobs.core.errors import Conflict, NotFound
from jobs.core.page import Page
from tests.ports import stores
from tests.ports.stores import HOOK, LEASE_S, an_endpoint, clock

GOOD: dict[str, Any] = {"status": 200, "error": None, "duration_s": 0.1, "body_start": b""}


def claim(store: SqlStore) -> list[Due]:
    return store.deliveries.claim(99, LEASE_S)


def states(store: SqlStore, endpoint: str) -> list[str]:
    with store.database.read() as connection:
        query = select(deliveries.c.state).where(deliveries.c.endpoint == endpoint)
        return sorted(connection.execute(query).scalars())


def off(store: SqlStore, value: Endpoint, reason: Reason = Reason.OWNER) -> Endpoint:
    return store.endpoints.disable(value.id, value.owner, reason, clock())


# --- what is kept ---------------------------------------------------------------------------------


def test_what_is_kept_is_what_was_given(store: SqlStore) -> None:
    value = an_endpoint(store, events=("batch.*",), description="ü", rate_per_s=2.5, concurrency=3)
    assert value.events == ("batch.*",)
    assert (value.description, value.rate_per_s, value.concurrency) == ("ü", 2.5, 3)
    assert (value.state, value.reason, value.failing_since) == (State.ENABLED, None, None)
    changed = store.endpoints.change(value.id, "ann", {"rate_per_s": None, "description": ""})
    assert (changed.rate_per_s, changed.description, changed.concurrency) == (None, "", 3)
    assert store.endpoints.get(value.id, "ann") == changed
    assert store.endpoints.change(value.id, "ann", {}) == changed


def test_another_owners_endpoint_is_not_there(store: SqlStore) -> None:
    value = an_endpoint(store)
    for act in (
        lambda: store.endpoints.get(value.id, "bob"),
        lambda: store.endpoints.change(value.id, "bob", {"url": HOOK}),
        lambda: store.endpoints.delete(value.id, "bob"),
        lambda: store.endpoints.enable(value.id, "bob"),
        lambda: store.endpoints.disable(value.id, "bob", Reason.OWNER, clock()),
        lambda: store.endpoints.test(value.id, "bob", clock()),
        lambda: store.endpoint_secrets.rotate(value.id, "bob", b"x", 1.0, clock()),
    ):
        with pytest.raises(NotFound):
            act()
    assert store.endpoints.newest("bob", Page()).items == ()
    assert store.endpoints.get(value.id, "ann") == value
    assert claim(store) == []


def test_lists_go_page_by_page_and_end_at_a_limit(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [an_endpoint(store) for _ in range(3)]
    newest = store.endpoints.newest("ann", Page(limit=2))
    assert newest.items == (made[2], made[1])
    assert newest.later
    assert store.endpoints.newest("ann", Page(after=made[1].id)).items == (made[0],)
    monkeypatch.setattr(noun, "MOST", 3)
    with pytest.raises(Conflict, match="delete one first"):
        an_endpoint(store)
    an_endpoint(store, owner="bob")


# --- what is owed ---------------------------------------------------------------------------------


def test_an_event_goes_to_each_that_wants_it_and_to_whom_the_batch_names(store: SqlStore) -> None:
    every = an_endpoint(store)
    fits = an_endpoint(store, url="http://a.test/2", events=("x.*", "*.created"))
    an_endpoint(store, url="http://a.test/3", events=("batch.completed", "prediction.*"))
    an_endpoint(store, url="http://b.test/", owner="bob")
    off(store, an_endpoint(store, url="http://a.test/4"))
    done = claim(store)  # that one was disabled is told to those that want everything
    assert {json.loads(due.body)["type"] for due in done} == {"endpoint.disabled"}
    stores.created(store, webhook=HOOK)
    found = claim(store)
    assert {(due.url, due.endpoint) for due in found} == {
        (HOOK, ""),
        (every.url, every.id),
        (fits.url, fits.id),
    }
    assert len({due.event_id for due in found}) == len({due.body for due in found}) == 1
    assert {due.owner for due in found} == {"ann"}


def test_an_event_without_anybody_named_goes_to_endpoints_alone(store: SqlStore) -> None:
    value = an_endpoint(store)
    batch = stores.created(store)
    [due] = claim(store)
    assert (due.endpoint, due.subject) == (value.id, batch.id)
    [row] = store.deliveries.newest("ann", batch.id, Page()).items
    assert row["endpoint"] == value.id
    assert store.deliveries.newest("ann", None, Page(), endpoint=value.id).items == (row,)
    assert store.deliveries.newest("ann", None, Page(), endpoint="ep_0").items == ()


def test_two_of_one_address_do_not_hold_each_other_back(store: SqlStore) -> None:
    an_endpoint(store, url=HOOK)
    held = store.batches.claim(stores.created(store, webhook=HOOK).id, LEASE_S)
    assert held is not None
    store.batches.move(held, BatchState.FAILED, clock())
    first = claim(store)
    assert len(first) == 2  # of each the earlier
    named = next(due for due in first if not due.endpoint)
    assert store.deliveries.record(named, "delivered", None, GOOD)
    [second] = claim(store)
    assert second.endpoint == ""


def test_a_new_address_takes_what_waits(store: SqlStore) -> None:
    value = an_endpoint(store)
    stores.created(store)
    store.endpoints.failed(value.id, 3)
    changed = store.endpoints.change(value.id, "ann", {"url": "http://a.test/new"})
    assert changed.failing_since is None
    assert [due.url for due in claim(store)] == ["http://a.test/new"]


def test_a_test_goes_to_this_endpoint_whatever_it_wants(store: SqlStore) -> None:
    value = an_endpoint(store, events=("batch.completed",))
    an_endpoint(store, url="http://a.test/2")
    event, delivery = store.endpoints.test(value.id, "ann", clock())
    [first] = claim(store)
    body = json.loads(first.body)
    assert (first.id, first.event_id, first.endpoint) == (delivery, event, value.id)
    assert (body["type"], body["sequence"], body["data"]["id"]) == ("webhook.test", 1, value.id)

    assert store.deliveries.record(first, "pending", 3600.0, GOOD | {"status": 500})
    stores.created(store)
    _, second = store.endpoints.test(value.id, "ann", clock())
    found = [due.id for due in claim(store) if due.endpoint == value.id]
    assert found == [second]  # not held back
    assert states(store, value.id) == ["cancelled", "pending"]
    assert [number for number, _ in stores.told(store, value.id)] == [1, 2]


# --- enabled and disabled -------------------------------------------------------------------------


def test_a_disabled_one_is_owed_nothing_and_the_others_are_told(store: SqlStore) -> None:
    value, other = an_endpoint(store), an_endpoint(store, url="http://a.test/2")
    an_endpoint(store, url="http://b.test/", owner="bob")
    stores.created(store)
    new = off(store, value, Reason.GONE)
    assert (new.state, new.reason) == (State.DISABLED, Reason.GONE)
    assert new.disabled_at is not None
    assert off(store, value) == new  # once is enough
    assert states(store, value.id) == ["cancelled"]
    stores.created(store)
    assert states(store, value.id) == ["cancelled"]
    told = [json.loads(due.body) for due in claim(store) if due.subject == value.id]
    assert [(one["type"], one["data"]["disabled_reason"]) for one in told] == [
        ("endpoint.disabled", "gone")
    ]
    assert states(store, other.id) == ["pending"] * 3

    again = store.endpoints.enable(value.id, "ann")
    assert again == value
    stores.created(store)
    assert states(store, value.id) == ["cancelled", "pending"]


def test_one_with_another_address_by_now_is_not_disabled_for_the_old_one(store: SqlStore) -> None:
    value = an_endpoint(store)
    disable = store.endpoints.disable
    same = disable(value.id, "ann", Reason.GONE, clock(), url="http://a.test/old")
    assert same == value
    assert disable(value.id, "ann", Reason.GONE, clock(), url=value.url).state == State.DISABLED


def test_what_is_deleted_is_owed_nothing_and_signs_nothing(store: SqlStore) -> None:
    value = an_endpoint(store)
    stores.created(store)
    store.endpoints.delete(value.id, "ann")
    assert states(store, value.id) == ["cancelled"]
    assert store.endpoint_secrets.signing(value.id) == []
    with pytest.raises(NotFound):
        store.endpoints.delete(value.id, "ann")
    stores.created(store)
    assert claim(store) == []


def test_two_that_end_at_once_do_not_wait_for_each_other(store: SqlStore) -> None:
    for _ in range(5):
        pair = [an_endpoint(store), an_endpoint(store)]
        ends = stores.together(2, lambda number, pair=pair: off(store, pair[number]))
        assert [one.state for one in ends] == [State.DISABLED] * 2  # type: ignore[union-attr]


def test_no_event_slips_past_a_disabling(store: SqlStore) -> None:
    """Whatever commits first: nothing is pending for one that is disabled."""
    for _ in range(10):
        value = an_endpoint(store)

        def act(number: int, value: Endpoint = value) -> None:
            if number:
                stores.created(store)
            else:
                off(store, value)

        assert stores.together(4, act) == [None] * 4
        assert set(states(store, value.id)) <= {"cancelled"}


def test_trouble_is_counted_from_the_first_failure_until_something_is_taken(
    store: SqlStore,
) -> None:
    value, other = an_endpoint(store), an_endpoint(store)
    assert store.endpoints.failed(value.id, 2).failures == 2
    began = store.database.now() - 3 * DAY_S
    stores.put(store, endpoints, {"id": value.id}, failing_since=began)
    trouble = store.endpoints.failed(value.id, 1)
    assert trouble.failures == 3
    assert trouble.failing_s == pytest.approx(3 * DAY_S, abs=60)
    store.endpoints.took([other.id])
    assert store.endpoints.get(value.id, "ann").failing_since is not None
    store.endpoints.took([value.id, other.id])
    assert store.endpoints.get(value.id, "ann").failing_since is None
    assert store.endpoints.failed(value.id, 1).failures == 1
    off(store, value)
    assert store.endpoints.failed(value.id, 1).failures == 0  # nobody is to judge it any more


# --- secrets --------------------------------------------------------------------------------------


def test_an_old_secret_signs_beside_the_new_one_for_a_while(store: SqlStore) -> None:
    value = an_endpoint(store)
    rotate, signing = store.endpoint_secrets.rotate, store.endpoint_secrets.signing
    assert [one.sealed for one in signing(value.id)] == [b"sealed 1"]
    found = rotate(value.id, "ann", b"sealed 2", 3600.0, clock())
    assert signing(value.id) == found
    assert [one.sealed for one in found] == [b"sealed 2", b"sealed 1"]
    assert found[0].until is None
    assert found[1].until == pytest.approx(store.database.now() + 3600, abs=60)
    rotate(value.id, "ann", b"sealed 3", 7200.0, clock())
    numbers = [(one.sealed, one.until) for one in signing(value.id)]
    assert [sealed for sealed, _ in numbers] == [b"sealed 3", b"sealed 2", b"sealed 1"]
    assert numbers[2][1] == found[1].until  # a rotation never lengthens what ends before
    rotate(value.id, "ann", b"sealed 4", 0.0, clock())  # one that leaked
    assert [one.sealed for one in signing(value.id)] == [b"sealed 4"]


def test_so_many_secrets_sign_and_no_more(store: SqlStore) -> None:
    value = an_endpoint(store)
    for number in range(2, secrets_of.MOST + 1):
        store.endpoint_secrets.rotate(value.id, "ann", b"%d" % number, 60.0, clock())
    with pytest.raises(Conflict, match="overlap_s 0"):
        store.endpoint_secrets.rotate(value.id, "ann", b"x", 60.0, clock())
    assert len(store.endpoint_secrets.signing(value.id)) == secrets_of.MOST
    store.endpoint_secrets.rotate(value.id, "ann", b"last", 0.0, clock())
    assert len(store.endpoint_secrets.signing(value.id)) == 1


def test_rotations_at_once_lose_no_secret(store: SqlStore) -> None:
    value = an_endpoint(store)
    rotate = store.endpoint_secrets.rotate
    made = stores.together(4, lambda n: rotate(value.id, "ann", b"new %d" % n, 60.0, clock()))
    assert [one for one in made if isinstance(one, Exception)] == []
    found = store.endpoint_secrets.signing(value.id)
    assert {one.sealed for one in found} == {b"sealed 1", *(b"new %d" % n for n in range(4))}
    assert [one.until is None for one in found] == [True, False, False, False, False]
