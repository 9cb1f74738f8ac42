"""Writes that wait at the same moment are one transaction, and none pays for another."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from jobs.adapters.sql.joined import Joined
from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tables import removals
from jobs.core.errors import Unavailable
from tests.servers.penstock import until

MOST_S = 60


class Transactions:
    """How many there were; the first one stands still until `go`."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.count = 0
        self.begun, self.go = threading.Event(), threading.Event()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self.count += 1
        with self._store.database.write() as connection:
            if self.count == 1:
                self.begun.set()
                assert self.go.wait(MOST_S)
            yield connection


def keep(prefix: str, error: Exception | None = None) -> Callable[[Connection], str]:
    def do(connection: Connection) -> str:
        connection.execute(insert(removals).values(prefix=prefix, until=0.0, due_at=0.0))
        if error is not None:
            raise error
        return prefix

    return do


def kept(store: SqlStore) -> set[str]:
    with store.database.read() as connection:
        return set(connection.execute(select(removals.c.prefix)).scalars())


def behind(
    store: SqlStore, pool: ThreadPoolExecutor, parts: list[Callable[[Connection], Any]]
) -> tuple[Transactions, list[Future[Any]]]:
    """The parts, asked for while a first transaction is under way, which then goes on."""
    transactions = Transactions(store)
    joined = Joined(transactions.write)
    first = pool.submit(joined.run, keep("first"))
    assert transactions.begun.wait(MOST_S)
    answers = []
    for number, part in enumerate(parts, 1):
        answers.append(pool.submit(joined.run, part))
        until(lambda number=number: len(joined._parts) == number)
    transactions.go.set()
    assert first.result(MOST_S) == "first"
    return transactions, answers


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads


def test_what_waits_is_written_together(store: SqlStore, pool: ThreadPoolExecutor) -> None:
    names = [f"part-{number}" for number in range(6)]
    transactions, answers = behind(store, pool, [keep(name) for name in names])
    assert [answer.result(MOST_S) for answer in answers] == names
    assert transactions.count == 2
    assert kept(store) == {"first", *names}


def test_what_fails_takes_no_other_with_it(store: SqlStore, pool: ThreadPoolExecutor) -> None:
    parts = [keep("a"), keep("b", ValueError("no")), keep("c")]
    _, answers = behind(store, pool, parts)
    assert (answers[0].result(MOST_S), answers[2].result(MOST_S)) == ("a", "c")
    with pytest.raises(ValueError, match="no"):
        answers[1].result(MOST_S)
    assert kept(store) == {"first", "a", "c"}


def test_a_database_that_is_away_is_asked_once(store: SqlStore, pool: ThreadPoolExecutor) -> None:
    parts = [keep("a"), keep("b", Unavailable("away")), keep("c")]
    transactions, answers = behind(store, pool, parts)
    for answer in answers:
        with pytest.raises(Unavailable):
            answer.result(MOST_S)
    assert transactions.count == 2
    assert kept(store) == {"first"}
