"""The store on SQLite and on a real PostgreSQL, empty for every test."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore, migrate
from tests.ports import stores


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def migrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database with our tables."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path_factory.mktemp('store') / 'penstock.db'}")
        # as on the server of the tests: what they throw away need not survive a power cut
        event.listen(database.engine, "connect", _no_sync)
        migrate(database)
        yield database
        database.close()
        return
    with stores.new_database(request.getfixturevalue("postgres_url")) as url:
        database = Database(url)
        migrate(database)
        yield database
        database.close()


def _no_sync(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()


@pytest.fixture
def store(migrated: Database) -> SqlStore:
    """A store that nobody has used."""
    stores.empty(migrated)
    return SqlStore(migrated, stores.URL)
