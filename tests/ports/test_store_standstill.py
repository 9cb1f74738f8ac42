"""A process that stands still in the middle of a transaction does not keep the others from it."""

import threading
from collections.abc import Iterator

import pytest

from jobs.adapters.sql import database
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.store import SqlStore, migrate
from jobs.core.errors import Unavailable
from tests.ports import stores
from tests.ports.stores import LEASE_S, OVER


@pytest.fixture
def two(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Two processes' stores on one PostgreSQL, which is patient for half a second."""
    monkeypatch.setattr(database, "IDLE_S", 0.5)
    with stores.new_database(postgres_url) as url:
        made = [Database(url), Database(url)]
        migrate(made[0])
        yield SqlStore(made[0], stores.URL), SqlStore(made[1], stores.URL)
        for one in made:
            one.close()


def test_a_lost_shard_is_taken_though_its_holder_stands_still_over_it(
    two: tuple[SqlStore, SqlStore],
) -> None:
    frozen, other = two
    batch = stores.running(frozen, 100)
    lost = frozen.shards.claim(batch.id, OVER, None)
    assert lost is not None
    locked, thawed = threading.Event(), threading.Event()
    told: list[Exception] = []

    def stand_still() -> None:
        try:
            with frozen.database.write() as connection:
                frozen.batches.locked(connection, batch.id)
                locked.set()
                thawed.wait(60)
                frozen.batches.locked(connection, batch.id)
        except Exception as error:
            told.append(error)

    standing = threading.Thread(target=stand_still)
    standing.start()
    assert locked.wait(60)
    taken = other.shards.claim(batch.id, LEASE_S, None)
    thawed.set()
    standing.join()

    assert taken is not None
    assert taken.shard.first == lost.shard.first
    assert [type(error) for error in told] == [Unavailable]
    assert frozen.shards.renew(lost.shard, LEASE_S, 0) == "lost"
