"""One engine, one way to read and one way to write, and the database's own clock."""

import re
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Float, String, create_engine, event, func, select, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from jobs.adapters.sql import calls, faults
from jobs.adapters.sql.joined import Joined
from jobs.adapters.sql.prepared import Prepared, Raw, Row

T = TypeVar("T")
#: how long SQLite waits for another process that writes
BUSY_S = 30.0
#: libpq's: a host that vanished is noticed in seconds, not when TCP gives up after a quarter of an
#: hour, so that a lease that cannot be renewed is known to be lost
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


#: PostgreSQL ends a session that is in the middle of a transaction and says nothing for so long: a
#: process that stands still there would keep others from rows whose lease ran out long ago. Shorter
#: than a lease, far longer than what we do between two statements.
IDLE_S = 5.0
#: a connection that has rested for longer is asked whether it is still one before it is used. One
#: that was used so lately is not: that would be a journey more for each transaction, and a server
#: that has just gone away is noticed by what is asked of it
RESTED_S = 1.0


class Instant(TypeDecorator[datetime]):
    """A UTC time kept as seconds since 1970, so that both databases count alike."""

    impl = Float(53)
    cache_ok = True

    @staticmethod
    def plain(value: Any) -> float | None:
        """A datetime, or seconds already, as seconds."""
        return value.timestamp() if isinstance(value, datetime) else value

    def process_bind_param(self, value: Any, dialect: Dialect) -> float | None:
        """As it is kept."""
        return self.plain(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Seconds back to a datetime."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


_REFUSED = re.compile("[\0\ud800-\udfff]")


def storable(value: str | None) -> str | None:
    """A text as `Words` keeps it, for statements that are a driver's own."""
    if value is None or (value.isascii() and "\0" not in value):  # nearly all there is
        return value
    return _REFUSED.sub("\ufffd", value)


class Words(TypeDecorator[str]):
    """Text from anywhere: what the databases refuse becomes U+FFFD.

    PostgreSQL keeps no NUL, and neither keeps half of a surrogate pair; a model may print both.
    """

    impl = String
    cache_ok = True
    plain = staticmethod(storable)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The text without what cannot be kept."""
        return storable(value)


class now(FunctionElement[float]):
    """Seconds since 1970 by the database's clock, the same throughout a statement."""

    type = Float(53)
    inherit_cache = True


#: whole microseconds: what is read as a datetime is to be equal when it is asked for again
NOW_SQLITE = "round((julianday('now') - 2440587.5) * 86400.0, 6)"
#: not clock_timestamp(): it is volatile, and no index would serve a comparison with it
NOW_POSTGRESQL = "CAST(extract(epoch from statement_timestamp()) AS float8)"


@compiles(now, "sqlite")
def _now_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return NOW_SQLITE


@compiles(now, "postgresql")
def _now_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return NOW_POSTGRESQL


class Database:
    """Where every table lives.

    On SQLite a write takes the database's one writer lock at once (BEGIN IMMEDIATE), so a
    transaction never fails half-way because someone else wrote first; threads of this process
    queue for it in order instead of polling.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        #: of SQLite
        self.file = faults.file_of(url)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self._writer = threading.Lock() if self.sqlite else nullcontext()
        self._counting = threading.Lock()
        self._joined = Joined(self._small)
        self._caller = calls.Caller()
        #: set by each write of this process, on SQLite
        self.written = threading.Event()
        #: how often this process has written more than predictions and what is told of them, on
        #: SQLite
        self.changes = 0
        #: SQLite's one writer's, and those of who asks one question at a time
        self._writing: Connection | None = None
        self._asking: deque[sqlite3.Connection] = deque()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it happens, or none."""
        try:
            with self._small() as connection:
                yield connection
        finally:
            with self._counting:
                self.changes += 1

    @contextmanager
    def _small(self) -> Iterator[Connection]:
        """The same for a few predictions."""
        begin = self._begun if self.sqlite else self._called
        with self._translated(), self._writer, begin() as connection:
            yield connection

    @contextmanager
    def _called(self) -> Iterator[Connection]:
        """A transaction of PostgreSQL; whoever delivers is called if it owes something."""
        with self.engine.connect() as connection:
            calls.forget(connection)
            with connection.begin():
                yield connection
            self._caller.call(connection)

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        """A transaction of the one writer, over a connection that it keeps."""
        connection, self._writing = self._writing or self.engine.connect(), None
        try:
            with connection.begin():
                yield connection
        except BaseException:
            connection.close()
            raise
        self._writing = connection
        self.written.set()

    def joined(self, do: Callable[[Connection], T]) -> T:
        """What `do` gives, written in one transaction with what others write at the moment.

        It may run twice, and may do nothing but what its connection can undo. It is to write
        predictions, their events and their deliveries alone.
        """
        return self._joined.run(do)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading."""
        with self._translated(), self.engine.connect().execution_options(reads=True) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection for reading, all of whose statements see the same moment."""
        options = {"reads": True} if self.sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._translated(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """A connection for a statement that is asked many times a second, and mostly for nothing.

        On PostgreSQL there is no transaction around it, which would take two journeys more.
        """
        options = {"reads": True} if self.sqlite else {"isolation_level": "AUTOCOMMIT"}
        with self._translated(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    def ids(self, question: Prepared, **asked: Any) -> list[str]:
        """The ids that one statement finds which is asked again and again."""
        return [row["id"] for row in self.ask(question, **asked)]

    def ask(self, question: Prepared, **asked: Any) -> list[Row]:
        """What one statement finds that is asked again and again."""
        if not self.sqlite:
            with self.glance() as connection:
                return question.rows(connection, asked)
        with self._translated(), self._driver() as driver:
            return question.rows_by(self.engine.dialect, driver, asked)

    def look(self, question: Prepared, **asked: Any) -> Raw | None:
        """The first that it finds, as it is kept."""
        dialect = self.engine.dialect
        if not self.sqlite:
            with self.glance() as connection:
                driver = connection.connection.dbapi_connection
                return question.first_by(dialect, driver, asked)
        with self._translated(), self._driver() as driver:
            return question.first_by(dialect, driver, asked)

    @contextmanager
    def _driver(self) -> Iterator[Any]:
        """A connection of SQLite's own, outside of any transaction."""
        try:
            driver = self._asking.pop()
        except IndexError:
            driver = self._detached()
        try:
            yield driver
        except BaseException:
            driver.close()
            raise
        self._asking.append(driver)

    def _detached(self) -> Any:
        taken = self.engine.raw_connection()
        driver = taken.dbapi_connection
        taken.detach()
        return driver

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The driver's word for "not now" as ours: unreachable, shutting down, damaged, full."""
        try:
            yield
        except (DBAPIError, sqlite3.DatabaseError) as error:
            ours = faults.met(error, self.file)
            if ours is None:
                raise
            raise ours from error

    def now(self) -> float:
        """Seconds since 1970 by the database's clock."""
        with self.read() as connection:
            return float(connection.execute(select(now())).scalar_one())

    def is_whole(self) -> bool:
        """Whether SQLite finds nothing broken in its file; all of it is read."""
        with self.read() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalars().all()
        return found == ["ok"]

    def setting(self, name: str) -> str:
        """A setting of the PostgreSQL server, as it says it."""
        with self.read() as connection:
            return str(connection.execute(select(func.current_setting(name))).scalar_one())

    def close(self) -> None:
        """Give every connection back."""
        if self._writing is not None:
            self._writing.close()
            self._writing = None
        while self._asking:
            self._asking.pop().close()
        self.engine.dispose()


def _engine(url: str) -> Engine:
    # hide_parameters: an error's text goes to the log, and users' values must not
    if not url.startswith("sqlite"):
        engine = create_engine(
            url,
            isolation_level="READ COMMITTED",
            pool_size=10,
            max_overflow=20,
            connect_args=PATIENCE,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", _ask_who_rested(engine.dialect))
        return engine
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_S},
        pool_size=20,
        max_overflow=40,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_postgresql(connection: Any, record: Any) -> None:
    connection.autocommit = True  # what is set in a transaction goes with a rollback
    connection.execute(f"SET idle_in_transaction_session_timeout = {int(IDLE_S * 1000)}")
    connection.autocommit = False


def _note_use(connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def _ask_who_rested(dialect: Dialect) -> Callable[[Any, Any, Any], None]:
    """Whoever takes a connection from the pool gets another if the server has left this one."""

    def ask(connection: Any, record: Any, proxy: Any) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or time.monotonic() - used_at < RESTED_S:  # None: it is new
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    return ask


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    _use_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _use_wal(connection: Any) -> None:
    """Wait here for who else opens a new file: in this one step SQLite itself does not."""
    until = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as error:
            if not faults.is_busy(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin_immediate(connection: Connection) -> None:
    immediate = not connection.get_execution_options().get("reads")
    driver: Any = connection.connection.dbapi_connection
    driver.execute("BEGIN IMMEDIATE" if immediate else "BEGIN").close()
