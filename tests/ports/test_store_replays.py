"""Deliveries that are sent again: one, a range, all that is missing; in lots, and nobody else's."""

import json
from typing import Any

import pytest

from jobs.adapters.sql.deliveries import Due
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import deliveries, endpoints
from jobs.core.errors import Conflict, NotFound
from jobs.core.page import Page
from jobs.core.replay import Range
from tests.ports import stores
from tests.ports.stores import HOOK, LEASE_S

GOOD: dict[str, Any] = {"status": 200, "error": None, "duration_s": 0.1, "body_start": b"ok"}
BAD: dict[str, Any] = GOOD | {"status": 500}
ALL = Range(since=1.0)
MISSING = Range(missing=True)


def owe(store: SqlStore, count: int, owner: str = "ann") -> list[str]:
    """Deliveries that nobody has tried, each of a batch of its own; their ids, oldest first."""
    subjects = [stores.created(store, webhook=HOOK, owner=owner).id for _ in range(count)]
    rows = store.deliveries.newest(owner, None, Page(limit=1000)).items
    ids = {row["subject"]: str(row["id"]) for row in rows}
    return [ids[subject] for subject in subjects]


def end(store: SqlStore, state: str, *ids: str, attempt: dict[str, Any] = GOOD) -> None:
    """Attempt these once, with that end; the others stay as they were."""
    held = store.deliveries.claim(1000, LEASE_S)
    store.deliveries.record_all([(due, state, 3600.0, attempt) for due in held if due.id in ids])
    store.deliveries.release([due for due in held if due.id not in ids])


def due(store: SqlStore) -> dict[str, Due]:
    """What goes out now."""
    return {one.id: one for one in store.deliveries.claim(1000, LEASE_S)}


def shown(store: SqlStore, id: str, owner: str = "ann") -> dict[str, Any]:
    return store.deliveries.get(id, owner)


@pytest.mark.parametrize("state", ["delivered", "exhausted", "cancelled", "superseded", "pending"])
def test_one_goes_out_again_as_it_was(store: SqlStore, state: str) -> None:
    id, other = owe(store, 2)
    first = due(store)[id]
    store.deliveries.record(first, state, 3600.0, BAD)
    store.replays.one(id, "ann")
    again = due(store)
    assert set(again) <= {id, other}
    assert (again[id].event_id, again[id].body) == (first.event_id, first.body)
    assert again[id].attempts == 0  # the whole schedule is before it
    assert store.deliveries.record(again[id], "delivered", None, GOOD)
    told = shown(store, id)
    assert (told["state"], [one["number"] for one in told["attempts"]]) == ("delivered", [1, 2])


def test_what_is_under_way_is_left_alone(store: SqlStore) -> None:
    (id,) = owe(store, 1)
    held = due(store)[id]
    store.replays.one(id, "ann")
    assert store.replays.some("ann", MISSING, 9).replayed == 0
    assert due(store) == {}
    assert store.deliveries.record(held, "delivered", None, GOOD)


def test_who_lost_it_before_cannot_end_it_now(store: SqlStore) -> None:
    (id,) = owe(store, 1)
    [lost] = store.deliveries.claim(9, stores.OVER)
    store.replays.one(id, "ann")
    again = due(store)[id]
    assert not store.deliveries.record(lost, "exhausted", None, BAD)
    assert store.deliveries.record(again, "delivered", None, GOOD)


def test_another_owners_is_not_there(store: SqlStore) -> None:
    (id,) = owe(store, 1)
    end(store, "exhausted", id)
    with pytest.raises(NotFound):
        store.replays.one(id, "bob")
    with pytest.raises(NotFound):
        store.deliveries.get(id, "bob")
    for asked in (ALL, MISSING, Range(since=1.0, subject=shown(store, id)["subject"])):
        assert store.replays.some("bob", asked, 9).replayed == 0
    assert shown(store, id)["state"] == "exhausted"


def test_an_endpoint_that_is_disabled_gets_nothing_again(store: SqlStore) -> None:
    endpoint = stores.an_endpoint(store)
    stores.created(store)
    [held] = due(store).values()
    assert held.endpoint == endpoint.id
    store.deliveries.record(held, "exhausted", None, BAD)
    stores.put(store, endpoints, {"id": endpoint.id}, state="disabled")
    with pytest.raises(Conflict):
        store.replays.one(held.id, "ann")
    assert store.replays.some("ann", MISSING, 9).replayed == 0
    stores.put(store, endpoints, {"id": endpoint.id}, state="enabled")
    assert store.replays.some("ann", MISSING, 9).replayed == 1


def test_missing_is_all_that_was_not_delivered_also_what_was_never_tried(store: SqlStore) -> None:
    good, dead, gone, waits, never, replaced = ids = owe(store, 6)
    end(store, "delivered", good)
    end(store, "exhausted", dead, attempt=BAD)
    end(store, "cancelled", gone, attempt=BAD)
    end(store, "pending", waits, attempt=BAD)
    end(store, "superseded", replaced)
    stores.put(store, deliveries, {"id": never}, next_at=store.database.now() + 9999)
    lot = store.replays.some("ann", MISSING, 99)
    assert (lot.replayed, lot.after) == (4, None)
    assert set(due(store)) == {dead, gone, waits, never}
    assert [shown(store, id)["state"] for id in ids] == [
        "delivered",
        *["pending"] * 4,
        "superseded",
    ]


def test_a_range_is_what_was_owed_in_it(store: SqlStore) -> None:
    ids = owe(store, 5)
    end(store, "delivered", *ids)
    for number, id in enumerate(ids):
        stores.put(store, deliveries, {"id": id}, created_at=1000.0 + number)
    assert store.replays.some("ann", Range(since=1001.0, until=1003.0), 99).replayed == 2
    assert set(due(store)) == set(ids[1:3])
    subject = shown(store, ids[4])["subject"]
    assert store.replays.some("ann", Range(subject=subject), 99).replayed == 1
    assert set(due(store)) == {ids[4]}


def test_a_long_range_is_done_lot_by_lot_and_each_once(store: SqlStore) -> None:
    ids = owe(store, 7)
    end(store, "exhausted", *ids)
    for number, id in enumerate(ids):  # several at one moment
        stores.put(store, deliveries, {"id": id}, created_at=1000.0 + number // 3)
    asked, seen = MISSING, []
    while True:
        lot = store.replays.some("ann", asked, 2)
        out = due(store)
        assert len(out) == lot.replayed <= 2
        seen += out
        if lot.after is None:
            break
        # goes on as a client does: from what it was told, as text
        asked = Range(missing=True, until=lot.until, after=lot.after)
    assert sorted(seen) == sorted(ids)


def test_a_range_without_an_end_does_not_grow(store: SqlStore) -> None:
    owe(store, 2)
    first = store.replays.some("ann", MISSING, 1)
    (late,) = owe(store, 1)
    stores.put(store, deliveries, {"id": late}, created_at=store.database.now() + 60)
    rest = Range(missing=True, until=first.until, after=first.after)
    assert store.replays.some("ann", rest, 99).replayed == 1


def test_dead_letters_can_be_listed_alone(store: SqlStore) -> None:
    dead, good, waits = owe(store, 3)
    end(store, "exhausted", dead, attempt=BAD)
    end(store, "delivered", good)

    def listed(state: str | None) -> list[str]:
        return [
            one["id"] for one in store.deliveries.newest("ann", None, Page(), state=state).items
        ]

    assert listed("exhausted") == [dead]
    assert listed("pending") == [waits]
    assert len(listed(None)) == 3
    assert json.dumps(shown(store, dead)["attempts"])  # no bytes in it
