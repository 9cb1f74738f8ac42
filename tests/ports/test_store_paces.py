"""What may begin at an endpoint with limits of its own, whoever claims."""

from typing import Any

from sqlalchemy import select

from jobs.adapters.sql.deliveries import Due
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import deliveries, endpoints
from jobs.core.endpoint import Endpoint
from tests.ports import stores
from tests.ports.stores import HOOK, LEASE_S, an_endpoint
from webhooks.endpoints import EACH

GOOD: dict[str, Any] = {"status": 200, "error": None, "duration_s": 0.1, "body_start": b""}


def owed(store: SqlStore, times: int) -> None:
    for _ in range(times):
        stores.created(store)


def claim(store: SqlStore, limit: int = 64) -> list[Due]:
    return store.deliveries.claim(limit, LEASE_S)


def later(store: SqlStore, one: Endpoint, seconds: float) -> None:
    """Let time pass for an endpoint's rate."""
    with store.database.write() as connection:
        was = connection.execute(
            select(endpoints.c.rate_at).where(endpoints.c.id == one.id)
        ).scalar_one()
        mine = endpoints.update().where(endpoints.c.id == one.id)
        connection.execute(mine.values(rate_at=was - seconds))


def test_so_many_begin_at_once_and_no_more(store: SqlStore) -> None:
    an_endpoint(store, concurrency=2)
    owed(store, 6)
    first, second = claim(store)
    assert claim(store) == []
    assert store.deliveries.record(first, "delivered", None, GOOD)
    [third] = claim(store)
    assert claim(store) == []
    stores.run_out(store, deliveries, id=second.id)  # whoever was at it is gone
    [fourth] = claim(store)
    assert len({first.id, third.id}) == 2
    assert fourth.id != third.id


def test_a_rate_is_kept_however_often_it_is_asked_for(store: SqlStore) -> None:
    one = an_endpoint(store, rate_per_s=0.01)
    owed(store, 6)
    assert len(claim(store)) == 1
    assert claim(store) == []
    later(store, one, 98)
    assert claim(store) == []
    later(store, one, 1.5)
    assert len(claim(store)) == 1
    later(store, one, 1000)  # what was not used is not saved up
    assert len(claim(store)) == 1
    assert claim(store) == []


def test_a_second_s_worth_may_begin_at_once(store: SqlStore) -> None:
    an_endpoint(store, rate_per_s=4)
    owed(store, 9)
    assert len(claim(store)) == 5  # one now, and those of the second that comes


def test_what_may_not_begin_stands_in_nobodys_way(store: SqlStore) -> None:
    one = an_endpoint(store, concurrency=1)
    an_endpoint(store, owner="bob", rate_per_s=0.01)
    owed(store, 2 * EACH)
    for _ in range(3):
        stores.created(store, owner="bob", webhook=HOOK)
    # fewer than wait for ann's: those that are left out must not fill the lot
    found = claim(store, limit=8) + claim(store, limit=8)
    assert sorted(due.owner for due in found) == ["ann", "bob", "bob", "bob", "bob"]
    assert [due.endpoint for due in found if due.owner == "ann"] == [one.id]


def test_limits_hold_for_all_who_claim_together(store: SqlStore) -> None:
    an_endpoint(store, concurrency=3)
    slow = an_endpoint(store, owner="bob", rate_per_s=0.001)
    for _ in range(12):
        stores.created(store)
        stores.created(store, owner="bob")
    got = stores.together(6, lambda _: [*claim(store, 9), *claim(store, 9)])
    assert [one for one in got if isinstance(one, Exception)] == []
    held = [due for some in got if isinstance(some, list) for due in some]
    assert len({due.id for due in held}) == len(held)
    by_owner = [due.endpoint == slow.id for due in held]
    assert (by_owner.count(False), by_owner.count(True)) == (3, 1)


def test_an_endpoint_without_limits_has_none(store: SqlStore) -> None:
    one = an_endpoint(store, concurrency=1, rate_per_s=0.001)
    owed(store, 20)
    assert len(claim(store)) == 1
    store.endpoints.change(one.id, "ann", {"concurrency": None, "rate_per_s": None})
    assert len(claim(store)) == 19
