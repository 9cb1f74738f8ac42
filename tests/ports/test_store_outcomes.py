"""What came of a lot of attempts, some of which somebody else holds by now; and who goes first."""

from typing import Any

from sqlalchemy import select, text

from jobs.adapters.sql.deliveries import _claim
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import attempts, deliveries, events
from tests.ports import stores
from tests.ports.stores import HOOK, LEASE_S, OVER, clock

GOOD: dict[str, Any] = {"status": 200, "error": None, "duration_s": 0.1, "body_start": b"\0\xff"}
MANY = 600


def owe(store: SqlStore, count: int) -> None:
    for _ in range(count):
        stores.created(store, webhook=HOOK)


def log(store: SqlStore) -> list[tuple[Any, ...]]:
    columns = ("delivery", "number", "status", "error", "body_start")
    with store.database.read() as connection:
        rows = connection.execute(select(*(attempts.c[name] for name in columns)))
        return sorted(tuple(row) for row in rows)


def test_of_a_lot_only_what_is_still_held_is_recorded(store: SqlStore) -> None:
    owe(store, 4)
    lost = store.deliveries.claim(2, OVER)
    new = store.deliveries.claim(9, LEASE_S)
    assert len(new) == 4
    kept = [due for due in new if due.id not in {one.id for one in lost}]
    lot = [*lost, *kept]
    recorded = store.deliveries.record_all([(due, "delivered", None, GOOD) for due in lot])
    assert recorded == {due.id for due in kept}
    assert log(store) == sorted((due.id, 1, 200, None, b"\0\xff") for due in kept)
    again = store.deliveries.record_all([(due, "exhausted", None, GOOD) for due in new])
    assert again == {due.id for due in lost}
    assert len(log(store)) == 4


def test_what_cannot_be_kept_of_an_error_is_replaced(store: SqlStore) -> None:
    owe(store, 1)
    [due] = store.deliveries.claim(9, LEASE_S)
    attempt = {"error": "no\0 \ud800 ü", "duration_s": 0.1}
    assert store.deliveries.record(due, "pending", 3600.0, attempt)
    assert log(store) == [(due.id, 1, None, "no\ufffd \ufffd ü", None)]


def test_whoever_found_nothing_sees_when_there_is_something(store: SqlStore) -> None:
    assert not store.deliveries.any_due()
    owe(store, 1)
    assert store.deliveries.any_due()
    assert not store.deliveries.any_due(["http://receiver.test"])
    [due] = store.deliveries.claim(9, LEASE_S)
    assert not store.deliveries.any_due()
    store.deliveries.record(due, "pending", 3600.0, GOOD)
    assert not store.deliveries.any_due()
    stores.put(store, deliveries, {"id": due.id}, next_at=0.0)
    assert store.deliveries.any_due()


def test_a_burst_is_not_looked_through_for_each_that_is_due(store: SqlStore) -> None:
    """PostgreSQL counts now and then, mostly when all was delivered."""
    fill(store, "old", "delivered")
    with store.database.write() as connection:
        connection.execute(text("ANALYZE deliveries"))
    fill(store, "new", "pending")
    statement = _claim((), False).compile(dialect=store.database.engine.dialect)
    given = {**statement.params, "room": MANY, "lease_s": LEASE_S}
    with store.database.write() as connection:
        if store.database.sqlite:
            values = tuple(given[name] for name in statement.positiontup or ())
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            how = " ".join(str(step[3]) for step in steps)
            assert "earlier USING INDEX deliveries_open (subject=?" in how
            return
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
        [[[plan]]] = connection.exec_driver_sql(explain, given)
    assert looked_at(plan["Plan"]) < 50 * MANY


def fill(store: SqlStore, name: str, state: str) -> None:
    """Deliveries of as many subjects."""
    at = clock()
    now = {"created_at": at, "owner": "ann", "sequence": 1}
    event = {"type": "batch.created", "body": b"{}"}
    owed = {"url": HOOK, "state": state, "attempts": 0, "next_at": 0.0}
    ids = [f"{name}_{number}" for number in range(MANY)]
    with store.database.write() as connection:
        told = [{**now, **event, "id": id, "subject": id} for id in ids]
        connection.execute(events.insert(), told)
        due = [{**now, **owed, "id": id, "event": id, "subject": id} for id in ids]
        connection.execute(deliveries.insert(), due)


def looked_at(plan: dict[str, Any]) -> float:
    """Rows that every part of a plan gave or dropped."""
    dropped = sum(count for name, count in plan.items() if name.startswith("Rows Removed"))
    own = (plan["Actual Rows"] + dropped) * plan["Actual Loops"]
    return float(own + sum(map(looked_at, plan.get("Plans", []))))
