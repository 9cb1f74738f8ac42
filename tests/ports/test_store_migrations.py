"""The schema: made from nothing, brought up twice, by several processes at once."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Index, inspect, text

from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import MIGRATIONS, is_newest, migrate, opened
from jobs.adapters.sql.tables import metadata
from jobs.core.errors import BadRequest
from tests.ports import stores
from tests.servers.penstock import until

PROCESSES, ROUNDS = 3, 2
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


def test_what_is_newest_is_known_without_alembic(database: Database) -> None:
    assert not is_newest(database)
    migrate(database)
    assert is_newest(database)
    url = database.engine.url.render_as_string(hide_password=False)
    asks = "import sys; from jobs.adapters.sql.store import opened; opened(sys.argv[1], 'http://x')"
    subprocess.run(
        [sys.executable, "-c", f"{asks}; assert 'alembic' not in sys.modules", url], check=True
    )


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
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE theirs (id)")
    threading.Timer(0.3, other.execute, ["ROLLBACK"]).start()
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()
    other.close()


@pytest.fixture(scope="module")
def racers() -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that migrate, each at the same moment as the others, what is named to them."""
    command = [sys.executable, "-c", RACER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    started = [subprocess.Popen(command, **pipes, text=True) for _ in range(PROCESSES)]  # type: ignore[call-overload]
    try:
        assert [one.stdout.readline() for one in started] == ["ready\n"] * PROCESSES
        yield started
    finally:
        for one in started:
            one.kill()
            one.communicate()


def test_processes_that_start_together_do_not_collide(
    urls: Iterator[str], racers: list["subprocess.Popen[str]"]
) -> None:
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


def test_an_old_process_on_a_newer_schema_says_so(database: Database) -> None:
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_tomorrow'"))
    with pytest.raises(BadRequest, match="newer than this Penstock"):
        opened(database.engine.url.render_as_string(hide_password=False), "http://x")


# --- a migration while others work ----------------------------------------------------------------


def alembic(database: Database, do: Callable[[Config], None]) -> None:
    """One of Alembic's commands on this database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.write() as connection:
        config.attributes["connection"] = connection
        do(config)


def revisions() -> list[str]:
    """Every revision from the first on."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return [one.revision for one in found][::-1]


Shape = dict[tuple[str, ...], object]


def shape(database: Database) -> Shape:
    """What there is in the schema: tables, columns, and the names of indexes."""
    with database.read() as connection:
        look, found = inspect(connection), dict[tuple[str, ...], object]()
        for table in look.get_table_names():
            found["table", table] = look.get_pk_constraint(table)["constrained_columns"]
            for column in look.get_columns(table):
                found["column", table, column["name"]] = (str(column["type"]), column["nullable"])
            for index in look.get_indexes(table):
                found["index", table, str(index["name"])] = index["column_names"]
    return found


def test_a_migration_takes_nothing_from_those_who_work(database: Database) -> None:
    """What the version before needs is removed one version later, never at once."""
    first, *later = revisions()
    alembic(database, lambda config: command.upgrade(config, first))
    before = shape(database)
    for revision in later:
        alembic(database, lambda config, to=revision: command.upgrade(config, to))
        after = shape(database)
        taken = {what for what, how in before.items() if after.get(what) != how}
        assert not taken, f"{revision} takes or changes what the version before it uses"
        with database.read() as connection:
            for kind, table, *names in set(after) - set(before):
                if kind == "column" and ("table", table) in before:
                    columns = inspect(connection).get_columns(table)
                    made = next(one for one in columns if [one["name"]] == names)
                    assert made["nullable"] or made["default"], f"{revision}: {table}.{names[0]}"
        before = after


def test_who_works_goes_on_though_a_migration_has_to_wait(postgres_url: str) -> None:
    """A backup holds every table for as long as it takes; the migration waits, nobody else does."""
    with stores.new_database(postgres_url) as url:
        database = Database(url)
        migrate(database)
        alembic(database, lambda config: command.downgrade(config, revisions()[0]))
        with database.engine.connect() as backup:
            backup.execute(text("SELECT count(*) FROM deliveries")).all()
            migrating = threading.Thread(target=migrate, args=(database,), daemon=True)
            migrating.start()
            until(lambda: _waits(database), 60)
            working = threading.Thread(target=_written, args=(database,), daemon=True)
            working.start()
            working.join(60)
            assert not working.is_alive(), "work waits behind a migration that waits"
            assert migrating.is_alive(), "it did not need what the backup holds"
        migrating.join(120)
        with database.read() as connection:
            assert differences(connection) == []
        database.close()


def _waits(database: Database) -> bool:
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
    with database.read() as connection:
        return bool(connection.execute(text(query)).scalar_one())


def _written(database: Database) -> None:
    """A write to the table that the migration waits for."""
    with database.write() as connection:
        connection.execute(text("UPDATE deliveries SET lease_until = 0"))
