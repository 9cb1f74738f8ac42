"""Processes that deliver are called by those that owe, through PostgreSQL, which may lose it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from jobs.adapters.sql import calls, outbox
from jobs.adapters.sql.calls import Listener
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore, migrate
from tests.ports import stores
from tests.ports.stores import HOOK, LEASE_S, clock, new_database

#: as long as anything may take here; nobody waits for it unless something is wrong
LONG_S = 60.0


@pytest.fixture(scope="module")
def there(postgres_url: str) -> Iterator[Database]:
    with new_database(postgres_url) as url:
        made = Database(url)
        migrate(made)
        yield made
        made.close()


@pytest.fixture
def theirs(there: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlStore]:
    """The store of another process, which has called nobody yet, and calls whenever it may."""
    monkeypatch.setattr(calls, "EVERY_S", 0.0)
    database = Database(there.engine.url.render_as_string(hide_password=False))
    yield SqlStore(database, stores.URL)
    database.close()


@pytest.fixture
def listener(there: Database) -> Iterator[Listener]:
    made = Listener(there)
    assert made.wait(LONG_S) is True  # what was called before, nobody heard
    yield made
    made.close()


def heard(listener: Listener, theirs: SqlStore) -> int:
    """How many calls have come; one more is made, behind which there are none."""
    with theirs.database.engine.connect() as connection:
        connection.execute(text(f"NOTIFY {calls.CHANNEL}, 'the last'"))
        connection.commit()
    count, line = 0, listener._driver.pgconn
    while True:
        line.consume_input()
        while told := line.notifies():
            if told.extra == b"the last":
                return count
            count += 1


def test_what_another_process_owes_is_heard(listener: Listener, theirs: SqlStore) -> None:
    assert listener.wait(0.0) is False
    stores.created(theirs, webhook=HOOK)

    assert listener.wait(LONG_S) is True
    assert listener.wait(0.0) is False


def test_only_who_owes_calls(
    listener: Listener, theirs: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores.created(theirs)
    stores.asked(theirs)
    assert heard(listener, theirs) == 0

    def broken(*args: Any, **named: Any) -> None:
        emit(*args, **named)
        raise OSError("the machine goes down")

    emit = outbox.emit
    monkeypatch.setattr(outbox, "emit", broken)
    with pytest.raises(OSError, match="goes down"):
        stores.created(theirs, webhook=HOOK)
    monkeypatch.setattr(outbox, "emit", emit)
    stores.created(theirs)
    assert heard(listener, theirs) == 0


def test_a_process_calls_now_and_then(
    listener: Listener, theirs: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "EVERY_S", LONG_S)
    for _ in range(3):
        stores.created(theirs, webhook=HOOK)

    assert heard(listener, theirs) == 1


def test_what_is_sent_again_is_called_out_too(listener: Listener, theirs: SqlStore) -> None:
    held = theirs.predictions.claim(stores.asked(theirs, webhook=HOOK).id, LEASE_S, clock())
    assert held is not None
    theirs.predictions.tell(held, "prediction.step", clock(), logs="x")
    [due, *_] = theirs.deliveries.claim(99, LEASE_S)
    theirs.deliveries.record(due, "exhausted", None, {"duration_s": 0.1})
    heard(listener, theirs)

    theirs.replays.one(due.id, due.owner)

    assert heard(listener, theirs) == 1


def test_a_line_that_breaks_is_made_again(
    listener: Listener, theirs: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "BROKEN_S", 0.0)
    with theirs.database.write() as connection:
        ended = text("SELECT pg_terminate_backend(:pid)")
        connection.execute(ended, {"pid": listener._driver.info.backend_pid})

    answers: list[bool | None] = [False]
    while answers[-1] is False:  # the server says farewell first
        answers.append(listener.wait(LONG_S))
    assert answers[-1] is None
    assert listener.wait(LONG_S) is True  # it may have missed something
    stores.created(theirs, webhook=HOOK)
    assert listener.wait(LONG_S) is True


def test_a_database_that_is_away_is_not_asked_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    deaf = Listener(away)
    assert deaf.wait(LONG_S) is None
    monkeypatch.setattr(away.engine, "raw_connection", None)

    assert deaf.wait(LONG_S) is None


def test_a_line_that_lets_nothing_through_is_not_relied_on(
    there: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(calls, "_CALL", "SELECT 1")  # as a pooler does, which listens for itself
    monkeypatch.setattr(calls, "ECHO_S", 0.0)
    deaf = Listener(there)

    assert [deaf.wait(LONG_S) for _ in range(2)] == [None, None]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "passes no notifications on" in caplog.text
