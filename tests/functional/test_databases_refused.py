"""A database that cannot be used: each says what it is, and what to do about it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from jobs import config
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import opened
from jobs.cli import main
from jobs.core.errors import BadRequest, JobsError, Unavailable
from jobs.doctor import examine
from jobs.wiring import Wiring
from tests.ports.stores import with_tables

PAGE_BYTES = 4096


def overwritten(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(PAGE_BYTES)
        opened.write(b"\xa5" * 30 * PAGE_BYTES)


def a_text(file: Path) -> None:
    file.write_text("not a database\n" * 100)


def cut_off(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(5 * PAGE_BYTES)


def somebody_else_s(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE users (name)")
    connection.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "penstock.db"
    with_tables(place)
    with sqlite3.connect(place) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return place


@pytest.mark.parametrize("damage", [overwritten, a_text, cut_off, somebody_else_s])
def test_a_file_that_is_no_database_of_ours(file: Path, damage: Callable[[Path], None]) -> None:
    damage(file)

    done = CliRunner().invoke(main, ["up", "--data", str(file.parent)])

    assert done.exit_code == 2
    assert done.stderr == (
        f"Error: {file} is damaged or is no Penstock database;"
        " restore a backup (docs/07-operation.md)\n"
    )
    found = {one.check: one for one in examine(Wiring(config.load({}, data=file.parent)))}
    assert (found["database"].state, found["database"].message) == ("fail", done.stderr[7:-1])
    assert found["endpoints"].message == "not tried: see database"


def test_a_file_that_is_broken_where_nobody_has_looked_yet(file: Path) -> None:
    made = Wiring(config.load({}, data=file.parent))
    with made.store.database.read() as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'endpoints'"
        root = connection.exec_driver_sql(query).scalar_one()
    made.store.database.close()
    with file.open("r+b") as opened:
        opened.seek((root - 1) * PAGE_BYTES)
        opened.write(b"\xa5" * PAGE_BYTES)

    again = Wiring(config.load({}, data=file.parent))
    found = {one.check: one for one in examine(again)}
    assert found["database"].state == "fail"
    assert "is damaged" in found["database"].message
    with (
        pytest.raises(Unavailable, match="is damaged or is no"),
        again.store.database.read() as connection,
    ):
        connection.exec_driver_sql("SELECT * FROM endpoints").all()
    again.store.database.close()


def test_a_disk_that_is_full_is_told_as_that(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    with database.read() as connection:  # SQLite's answer at this limit is that of a full disk
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(Unavailable, match="no space left"):
        fill(database)
    database.close()


def fill(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE more AS SELECT zeroblob(100000)")


def test_somebody_else_s_database_gets_no_tables_of_ours(file: Path) -> None:
    somebody_else_s(file)
    with pytest.raises(BadRequest):
        opened(f"sqlite:///{file}", "http://127.0.0.1")
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("users",)]
    connection.close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgres://u:hidden@db/x", "begins with postgres://: write postgresql://"),
        ("mysql://u:hidden@db/x", "must name a PostgreSQL, such as postgresql+psycopg://"),
        ("hidden", "is no address, such as postgresql+psycopg://"),
        ("postgresql://u:hidden@127.0.0.1:9/x", "used (nothing listens where it leads); see"),
        ("postgresql://u:hidden@none.invalid/x", "(the name of its host is not known)"),
        ("sqlite:////nowhere/at/all.db", "/nowhere/at/all.db cannot be used as the database"),
    ],
)
def test_an_address_that_is_none(url: str, message: str) -> None:
    with pytest.raises(JobsError) as refused:
        opened(url, "http://127.0.0.1")
    assert message in str(refused.value)
    assert "hidden" not in str(refused.value)
    assert isinstance(refused.value, BadRequest | Unavailable)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"database": "hidden"}, "the server has no database of that name"),
        ({"username": "hidden"}, "the server has no such user"),
        ({"query": {"sslmode": "require"}}, "the two do not agree on TLS (sslmode)"),
    ],
)
def test_what_a_server_refuses_is_told(
    postgres_url: str, changed: dict[str, Any], why: str
) -> None:
    url = make_url(postgres_url).set(**changed).render_as_string(hide_password=False)
    with pytest.raises(JobsError) as refused:
        opened(url, "http://127.0.0.1")
    assert str(refused.value) == (
        f"the database cannot be used ({why}); see PENSTOCK_DATABASE_URL,"
        " and that the server it names is up"
    )
