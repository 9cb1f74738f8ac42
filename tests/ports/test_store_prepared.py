"""Statements that are the driver's business: they keep, find and refuse what SQLAlchemy would."""

from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, Table, bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from jobs.adapters.sql import prediction_rows
from jobs.adapters.sql.prepared import Prepared
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import predictions, removals
from jobs.core.errors import Unavailable
from jobs.core.prediction import State
from tests.ports import stores

ROW = {"prefix": "a", "until": 1.5, "due_at": 2.5}
KEEP = Prepared(insert(removals), ROW)
ALL = Prepared(
    select(removals).where(removals.c.prefix.in_(["a", "b"])).order_by(removals.c.prefix)
)


def found(store: SqlStore, question: Prepared = ALL, **asked: Any) -> list[dict[str, Any]]:
    return store.database.ask(question, **asked)


def test_what_is_kept_is_found_in_a_transaction_and_without_one(store: SqlStore) -> None:
    with store.database.write() as connection:
        KEEP.keep_all(connection, [ROW, ROW | {"prefix": "b"}])
        inside = ALL.rows(connection, {})
    assert [row["prefix"] for row in inside] == ["a", "b"]
    assert found(store) == inside
    assert {name: inside[0][name] for name in ROW} == ROW


@pytest.mark.parametrize("count", [1, 3, 8, 13, 47])
def test_as_many_as_there_are_are_kept_each_as_it_is(store: SqlStore, count: int) -> None:
    rows = [
        {"prefix": f"{number:03}", "until": 1.5, "due_at": 2.5 if number % 3 else float(number)}
        for number in range(count)
    ]
    with store.database.write() as connection:
        KEEP.keep_all(connection, rows)
    all = Prepared(select(removals).order_by(removals.c.prefix))
    assert [{name: row[name] for name in ROW} for row in found(store, all)] == rows


def test_every_kind_of_value_is_what_sqlalchemy_makes_of_it(store: SqlStore) -> None:
    given = {"input": {"a": ["\u00f6", None, 1.5]}, "output": None, "error": "half \ud800"}
    value = stores.asked(store, **given, metrics={"x": 1}, webhook_events=("completed",))
    [mine] = found(store, prediction_rows.ONE, this=value.id)
    with store.database.read() as connection:
        theirs = connection.execute(select(predictions)).mappings().one()
    assert mine == dict(theirs)
    assert mine["error"] == "half \ufffd"


def test_how_many_rows_it_changed_is_told(store: SqlStore) -> None:
    state = {"state": bindparam("new")}
    move = Prepared(update(predictions).where(predictions.c.id == bindparam("this")).values(state))
    value = stores.asked(store)
    with store.database.write() as connection:
        told = [
            move.change(connection, {"this": id, "new": "failed"}) for id in (value.id, "nobody")
        ]
    assert told == [1, 0]
    assert store.predictions.get(value.id).state is State.FAILED


def test_what_the_database_refuses_is_an_error_of_sqlalchemys_and_undone(store: SqlStore) -> None:
    with pytest.raises(IntegrityError), store.database.write() as connection:
        KEEP.keep_all(connection, [ROW, ROW])
    assert found(store) == []
    with store.database.write() as connection:  # the connection is as good as before
        KEEP.change(connection, ROW)
    assert len(found(store)) == 1


def test_a_question_that_fails_takes_its_connection_with_it(store: SqlStore) -> None:
    nowhere = Prepared(select(Table("nowhere", MetaData(), Column("id", String))))
    with pytest.raises((Unavailable, ProgrammingError)):
        found(store, nowhere)
    assert found(store) == []


def test_a_shards_life_and_a_look_at_its_batch_go_to_the_driver(store: SqlStore) -> None:
    """SQLAlchemy tells its listeners of what it runs itself."""
    batch, asked = stores.running(store, 10), list[str]()

    def note(*told: Any) -> None:
        asked.append(told[2])

    for rows in (5, 1, 4):  # an owner's first one also makes the row of its share
        asked.clear()
        event.listen(store.database.engine, "before_cursor_execute", note)
        try:
            store.batches.live(batch.id, batch.owner)
            assert store.turns.rows(warm={batch.version}) == [batch.id]
            claim = store.shards.claim(store.batches.get(batch.id).id, stores.LEASE_S, 1.0)
            assert claim is not None
            store.shards.commit(claim.shard, stores.done(claim.shard, rows), stores.clock())
        finally:
            event.remove(store.database.engine, "before_cursor_execute", note)
        assert rows == 5 or asked == []
    assert [shard.rows for shard in store.shards.done(batch.id)] == [5, 1, 4]
