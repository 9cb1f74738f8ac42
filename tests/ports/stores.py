"""Databases to test the store on, values to fill them with, and time that passes at once."""

import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Table, create_engine, make_url, select, text, update

from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.store import SqlStore, migrate
from jobs.adapters.sql.tables import events, metadata
from jobs.core.batch import Batch, Counts, State
from jobs.core.endpoint import Endpoint
from jobs.core.ids import new_id
from jobs.core.outputs import LEFTOVERS_KEPT_S
from jobs.core.prediction import Prediction
from jobs.core.version import State as VersionState
from jobs.core.version import Version

T = TypeVar("T")
URL = "http://penstock.test"
HOOK = "http://receiver.test/hook"
LEASE_S = 60.0
#: a lease that has run out when the claim returns
OVER = -1.0


@contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, dropped afterwards."""
    name = f"store_{uuid.uuid4().hex}"
    server = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def with_tables(file: Path) -> str:
    """The URL of a new SQLite database as the migrations leave it, which run for the first one."""
    file.write_bytes(_migrated())
    return f"sqlite:///{file}"


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "penstock.db"
        database = Database(f"sqlite:///{file}")
        migrate(database)
        database.close()
        return file.read_bytes()


def empty(database: Database) -> None:
    """Remove every row."""
    with database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


def clock() -> datetime:
    return datetime.now(UTC)


def a_batch(**changes: Any) -> Batch:
    at = clock()
    fields: dict[str, Any] = {
        "id": new_id("batch", at),
        "owner": "ann",
        "model": "ann/hello",
        "version": "a" * 64,
        "created_at": at,
        "expires_at": at + timedelta(hours=24),
        "input_file_id": "file_1",
        "times": {"validating": at.timestamp()},
    }
    return Batch(**fields | changes)


def created(store: SqlStore, **changes: Any) -> Batch:
    return store.batches.create(a_batch(**changes), key=None, request_hash="hash")


def running(store: SqlStore, rows: int, **changes: Any) -> Batch:
    """A batch whose manifest was good."""
    held = store.batches.claim(created(store, **changes).id, LEASE_S)
    assert held is not None
    return store.batches.move(
        held,
        State.IN_PROGRESS,
        clock(),
        snapshot=f"batches/{held.id}/manifest.1.jsonl",
        rows=rows,
        counts=Counts(total=rows),
    )


def finalizing(store: SqlStore, **changes: Any) -> Batch:
    """A batch whose rows have all been run."""
    batch = running(store, 1, **changes)
    claim = store.shards.claim(batch.id, LEASE_S, None)
    assert claim is not None
    return store.shards.commit(claim.shard, done(claim.shard), clock())


def completed(store: SqlStore, **changes: Any) -> Batch:
    held = store.batches.claim(finalizing(store, **changes).id, LEASE_S)
    assert held is not None
    return store.batches.move(
        held, State.COMPLETED, clock(), results=f"batches/{held.id}/results.{held.lease_token}/"
    )


def done(shard: Any, rows: int | None = None) -> Any:
    """What a successful attempt at a shard commits; a prefix of it if `rows` says so."""
    count = shard.rows if rows is None else rows
    output = f"batches/{shard.batch}/shards/{shard.first:012d}.{shard.lease_token}/"
    return replace(shard, rows=count, output=output, succeeded=count, seconds=1.0)


def a_prediction(**changes: Any) -> Prediction:
    at = clock()
    fields: dict[str, Any] = {
        "id": new_id("pred", at),
        "owner": "ann",
        "model": "ann/hello",
        "version": "a" * 64,
        "input": {"text": "world"},
        "created_at": at,
    }
    return Prediction(**fields | changes)


def asked(store: SqlStore, **changes: Any) -> Prediction:
    """A prediction that nobody runs yet."""
    value = a_prediction(**changes)
    store.predictions.create(value)
    return value


def a_version(model: str = "ann/hello", id: str = "a" * 64, **changes: Any) -> Version:
    return Version(id=id, model=model, created_at=clock(), **changes)


def ready(store: SqlStore, id: str, model: str = "ann/hello") -> Version:
    """A version that may be promoted."""
    store.models.push(a_version(model, id))
    held = store.models.claim(id, LEASE_S)
    assert held is not None
    return store.models.move(held, VersionState.READY, clock(), schema={"components": {}})


def an_endpoint(store: SqlStore, owner: str = "ann", **fields: Any) -> Endpoint:
    """A standing endpoint, with one secret."""
    at = clock()
    given = {"url": "http://a.test/1"} | fields
    value = Endpoint(id=new_id("ep", at), owner=owner, created_at=at, **given)
    store.endpoints.create(value, b"sealed 1")
    return store.endpoints.get(value.id, owner)


def run_out(store: SqlStore, table: Table, **where: Any) -> None:
    """Let the leases of some rows end now."""
    with store.database.write() as connection:
        query = update(table).filter_by(**where).where(table.c.lease_until.is_not(None))
        assert connection.execute(query.values(lease_until=now() - 1.0)).rowcount


def leftovers_are_old(store: SqlStore, table: Table, id: str) -> None:
    """Let more time pass than leftovers are kept: the clock of SQLite stands still for 1 ms."""
    with store.database.write() as connection:
        query = update(table).filter_by(id=id).where(table.c.tidy_at.is_not(None))
        moved = query.values(tidy_at=table.c.tidy_at - LEFTOVERS_KEPT_S - 1.0)
        assert connection.execute(moved).rowcount == 1


def put(store: SqlStore, table: Table, where: dict[str, Any], **values: Any) -> None:
    """Write columns that no method writes, such as times long past."""
    with store.database.write() as connection:
        assert connection.execute(update(table).filter_by(**where).values(**values)).rowcount


def told(store: SqlStore, subject: str) -> list[tuple[int, str]]:
    """(sequence, type) of every event about a subject, in order."""
    query = select(events.c.sequence, events.c.type).where(events.c.subject == subject)
    with store.database.read() as connection:
        rows = connection.execute(query.order_by(events.c.sequence)).all()
    return [(row.sequence, row.type) for row in rows]


def together(count: int, work: Callable[[int], T]) -> list[T | Exception]:
    """What each of `count` threads got or raised, all let go at the same moment."""
    gate = threading.Barrier(count)

    def one(number: int) -> T | Exception:
        gate.wait(30)
        try:
            return work(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
