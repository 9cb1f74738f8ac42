"""The schema: made from nothing, brought up twice, by several processes at once."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Index, inspect, text

from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import MIGRATIONS, migrate, opened
from jobs.adapters.sql.tables import metadata
from jobs.core.errors import BadRequest
from tests.ports import stores

PROCESSES, ROUNDS = 3, 4
RACER = """
import sys
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import migrate
print("ready", flush=True)
for line in sys.stdin:
    database = Database(line.strip())
    migrate(database)
    database.close()
    print("done", flush=True)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Iterator[str]]:
    """Empty databases, as many as are asked for."""
    if request.param == "sqlite":
        yield (f"sqlite:///{tmp_path / f'{number}.db'}" for number in range(100))
        return

    def some() -> Iterator[str]:
        while True:
            with stores.new_database(server) as url:
                yield url

    server = request.getfixturevalue("postgres_url")
    made = some()
    yield made
    made.close()


@pytest.fixture
def database(urls: Iterator[str]) -> Iterator[Database]:
    value = Database(next(urls))
    yield value
    value.close()


def differences(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection), metadata)


def partial(index: Index | dict[str, object], dialect: str) -> str:
    """The condition of an index, in no particular spelling."""
    if isinstance(index, Index):
        text = index.dialect_options[dialect]["where"]
    else:
        text = index.get("dialect_options", {}).get(f"{dialect}_where")  # type: ignore[attr-defined]
    bare = "".join(
        char for char in ("" if text is None else str(text)).lower() if char not in "() "
    )
    return bare.replace("::text", "")


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    migrate(database)
    with database.read() as connection:
        assert differences(connection) == []


def test_the_migrations_make_the_same_partial_indexes(database: Database) -> None:
    """Alembic's comparison does not look at an index's condition."""
    migrate(database)
    dialect = database.engine.dialect.name
    with database.read() as connection:
        for table in metadata.sorted_tables:
            found = {one["name"]: one for one in inspect(connection).get_indexes(table.name)}
            for index in table.indexes:
                reflected = dict(found[index.name])  # type: ignore[index]
                assert partial(reflected, dialect) == partial(index, dialect), index.name


def test_a_change_of_the_tables_would_be_seen(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE batches DROP COLUMN stop")
        assert len(differences(connection)) == 1


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate(database)
    store_of = stores.SqlStore(database, stores.URL)
    batch = stores.created(store_of)
    migrate(database)
    assert store_of.batches.get(batch.id) == batch


def test_the_first_schema_can_be_taken_back(database: Database) -> None:
    migrate(database)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate(database)
    with database.read() as connection:
        assert differences(connection) == []


def test_a_new_file_that_another_process_writes_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE theirs (id)")
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, other.execute, ["COMMIT"]).start()
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()
    other.close()


def test_processes_that_start_together_do_not_collide(urls: Iterator[str]) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    try:
        assert [racer.stdout.readline() for racer in racers] == ["ready\n"] * PROCESSES  # type: ignore[union-attr]
        for _ in range(ROUNDS):
            url = next(urls)
            for racer in racers:
                racer.stdin.write(f"{url}\n")  # type: ignore[union-attr]
                racer.stdin.flush()  # type: ignore[union-attr]
            assert [racer.stdout.readline() for racer in racers] == ["done\n"] * PROCESSES  # type: ignore[union-attr]
            database = Database(url)
            with database.read() as connection:
                assert differences(connection) == []
            database.close()
    finally:
        for racer in racers:
            racer.kill()
            racer.communicate()


def test_an_old_process_on_a_newer_schema_says_so(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_tomorrow'"))
    with pytest.raises(BadRequest, match="newer than this Penstock"):
        opened(database.engine.url.render_as_string(hide_password=False), "http://x")
