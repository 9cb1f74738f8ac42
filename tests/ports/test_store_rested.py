"""Connections that the server left behind: whoever asks again after a while does not notice."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, text

from jobs.adapters.sql import database as module
from jobs.adapters.sql.database import Database
from jobs.core.errors import Unavailable
from tests.ports.stores import new_database

LEFT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    with new_database(postgres_url) as url:
        made = Database(url)
        yield made
        made.close()


def left(database: Database) -> None:
    """Have the server end all connections of a process but the one that asks for it."""
    held = [database.engine.connect() for _ in range(3)]
    for one in held:
        one.close()
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.read() as connection:
        connection.execute(text(f"{LEFT} AND pid != pg_backend_pid()")).all()
    other.close()


def test_a_connection_that_rested_is_replaced_unseen(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RESTED_S", 0.0)
    left(database)

    assert database.now() > 0


def test_one_failure_costs_all_that_the_server_left(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RESTED_S", 60.0)
    left(database)

    with pytest.raises(Unavailable):
        database.now()
    for _ in range(3):
        assert database.now() > 0


def test_a_connection_in_use_is_not_asked_each_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each question would be a journey to the server more."""
    asked: list[str] = []
    dialect = database.engine.dialect
    ping = dialect.do_ping
    monkeypatch.setattr(dialect, "do_ping", lambda one: asked.append("ping") or ping(one))
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append("query"))
    monkeypatch.setattr(module, "RESTED_S", 60.0)
    database.now()
    database.now()
    assert asked == ["query", "query"]

    monkeypatch.setattr(module, "RESTED_S", 0.0)
    database.now()
    assert asked == ["query", "query", "ping", "query"]
