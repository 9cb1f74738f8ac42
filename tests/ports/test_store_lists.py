"""Lists of which some things are asked for: pages stay right, and the rest is not read."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from jobs.adapters.sql.prediction_rows import to_row
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import batches, predictions
from jobs.core.ids import new_id
from jobs.core.page import Page, Which
from jobs.core.prediction import State
from tests.ports import stores
from tests.ports.stores import clock

#: those that succeeded, of one model, after a few others
MANY = 3000


def made(store: SqlStore, *states: str, **fields: Any) -> list[str]:
    """Predictions in these states, the oldest first; their ids."""
    ids = [stores.asked(store, **fields).id for _ in states]
    for id, state in zip(ids, states, strict=True):
        stores.put(store, predictions, {"id": id}, state=state)
    return ids


def test_pages_of_some_hold_each_once_there_and_back(store: SqlStore) -> None:
    ids = made(store, "failed", "succeeded", "canceled", "failed", "starting", "failed")
    made(store, "failed", owner="bob")
    wanted = [ids[5], ids[3], ids[2], ids[0]]
    which = Which(states=("failed", "canceled"))

    def page(**at: str) -> tuple[list[str], bool, bool]:
        found = store.predictions.newest("ann", Page(2, **at), which)
        return [one.id for one in found.items], found.earlier, found.later

    assert page() == (wanted[:2], False, True)
    assert page(after=wanted[1]) == (wanted[2:], True, False)
    assert page(before=wanted[2]) == (wanted[:2], False, True)
    # the one that a page ended with is another's by now, or is gone
    stores.put(store, predictions, {"id": wanted[1]}, state="succeeded")
    assert page(after=wanted[1])[0] == wanted[2:]
    assert page(after=ids[4])[0] == wanted[2:]


@pytest.mark.parametrize(
    "states", [(), ("failed",), ("starting", "processing"), ("succeeded", "failed")]
)
def test_state_model_and_time_hold_together(store: SqlStore, states: tuple[str, ...]) -> None:
    at = clock() - timedelta(minutes=10)
    every = []
    for minute in range(8):
        then = at + timedelta(minutes=minute)
        state = ("failed", "succeeded", "processing", "starting")[minute % 4]
        model = "ann/a" if minute % 3 else "ann/b"
        [id] = made(store, state, id=new_id("pred", then), created_at=then, model=model)
        every.append((id, then, state, model))
    since, until = at + timedelta(minutes=1), at + timedelta(minutes=7)
    which = Which(states, "ann/a", since, until)

    found = store.predictions.newest("ann", Page(100), which)

    assert [one.id for one in found.items] == [
        id
        for id, then, state, model in reversed(every)
        if state in (states or (state,)) and model == "ann/a" and since <= then < until
    ]


def test_trainings_are_not_among_those_that_run(store: SqlStore) -> None:
    made(store, "processing", destination="ann/new")
    assert store.predictions.newest("ann", Page(), Which(("processing",))).items == ()


def test_batches_are_asked_for_by_what_they_do_and_whether_they_are_paused(store: SqlStore) -> None:
    waits, runs, ended = (stores.created(store, model=f"ann/{name}").id for name in "abc")
    stores.created(store, owner="bob")
    stores.put(store, batches, {"id": waits}, state="in_progress", paused=1)
    stores.put(store, batches, {"id": runs}, state="in_progress")
    stores.put(store, batches, {"id": ended}, state="cancelled", paused=1)

    def ids(*states: str, **fields: Any) -> list[str]:
        found = store.batches.newest("ann", Page(), Which(states, **fields))
        return [one.id for one in found.items]

    assert ids("in_progress") == [runs, waits]
    assert ids("paused") == [waits]
    assert ids("paused", "cancelled") == [ended, waits]
    assert ids("in_progress", model="ann/b") == [runs]
    assert ids(since=clock() + timedelta(minutes=1)) == []
    assert ids(until=clock() + timedelta(minutes=1)) == [ended, runs, waits]


@pytest.mark.parametrize(
    "which",
    [
        Which(model="ann/rare"),
        Which(model="ann/none"),
        Which(states=("failed",)),
        Which(states=("canceled", "failed")),
        Which(states=("starting", "processing")),
        Which(states=("succeeded",)),
    ],
    ids=str,
)
def test_what_is_rare_is_found_without_going_through_the_rest(
    store: SqlStore, which: Which
) -> None:
    at = clock()
    few = [("ann/rare", State.SUCCEEDED), ("ann/busy", State.FAILED), ("ann/busy", State.CANCELED)]
    rows = [
        to_row(stores.a_prediction(id=new_id("pred", at), model=model, state=state))
        for model, state in [*few, *[("ann/busy", State.SUCCEEDED)] * MANY]
    ]
    with store.database.write() as connection:
        connection.execute(predictions.insert(), rows)
        connection.execute(text("ANALYZE predictions" if not store.database.sqlite else "SELECT 1"))

    assert looked_at(store, which) < MANY / 10


def looked_at(store: SqlStore, which: Which) -> float:
    """Rows that the database goes through for the first page; of SQLite, steps of its machine."""
    asked: list[tuple[str, Any]] = []

    def note(*args: Any) -> None:
        asked.append((args[2], args[3]))

    event.listen(store.database.engine, "before_cursor_execute", note)
    store.predictions.newest("ann", Page(), which)
    event.remove(store.database.engine, "before_cursor_execute", note)
    statement, given = next(one for one in asked if "FROM predictions" in one[0])
    with store.database.read() as connection:
        if not store.database.sqlite:
            explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
            [[[plan]]] = connection.exec_driver_sql(explain, given)
            return _rows(plan["Plan"])
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1

        raw = connection.connection.dbapi_connection
        raw.set_progress_handler(step, 10)  # type: ignore[union-attr]
        connection.exec_driver_sql(statement, given).all()
        raw.set_progress_handler(None, 0)  # type: ignore[union-attr]
        return steps


def _rows(plan: dict[str, Any]) -> float:
    dropped = sum(count for name, count in plan.items() if name.startswith("Rows Removed"))
    own = (plan["Actual Rows"] + dropped) * plan["Actual Loops"]
    return float(own + sum(map(_rows, plan.get("Plans", []))))
