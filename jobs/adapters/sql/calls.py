"""That something is owed to somebody is called out, by PostgreSQL, to processes that deliver.

A call may be lost, and says no more than that it is worth a look: what is due is in the tables.
"""

import logging
import math
import select
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from jobs.adapters.sql.database import Database

CHANNEL = "penstock_owed"
#: a process calls no more often. Whoever is called stays awake for longer than that; and while a
#: transaction that calls is committed, PostgreSQL lets no other one that calls be committed
EVERY_S = 0.5
#: how long a call may take to come back to the process that made it to try the line
ECHO_S = 2.0
#: before a line that broke, or that lets no calls through, is tried again
BROKEN_S, SILENT_S = 1.0, 60.0
#: nobody waits for the disk over what may be lost
_CALL = f"SET LOCAL synchronous_commit = off; NOTIFY {CHANNEL}"
#: where a connection has it that its transaction owes something
_OWES = "penstock.owes"
log = logging.getLogger(__name__)


def owed(connection: Connection) -> None:
    """Note that the transaction owes something to somebody, who is called once it is committed."""
    connection.info[_OWES] = True


def forget(connection: Connection) -> None:
    """Nothing is owed yet: what an earlier transaction noted was taken back."""
    connection.info.pop(_OWES, None)


class Caller:
    """Calls after transactions that owe something."""

    def __init__(self) -> None:
        self._called_at = -math.inf

    def call(self, connection: Connection) -> None:
        """Over a connection whose transaction has just been committed."""
        now = time.monotonic()
        if not connection.info.pop(_OWES, False) or now - self._called_at < EVERY_S:
            return
        self._called_at = now
        with suppress(Exception):  # what was written is written
            _call(connection.connection.dbapi_connection)


def _call(driver: Any) -> None:
    driver.autocommit = True
    try:
        driver.execute(_CALL)
    finally:
        driver.autocommit = False


class Listener:
    """Hears calls over a connection of its own, which is made again when it breaks."""

    def __init__(self, database: "Database") -> None:
        self._engine = database.engine
        self._errors = (SQLAlchemyError, OSError, self._engine.dialect.loaded_dbapi.Error)
        self._driver: Any = None
        self._again_at = -math.inf

    def wait(self, seconds: float) -> bool | None:
        """Whether somebody called within this time; None at once if no call would be heard."""
        if self._driver is None and time.monotonic() < self._again_at:
            return None
        try:
            return self._begun() if self._driver is None else self._heard(seconds)
        except self._errors:
            self.close()
            self._again_at = time.monotonic() + BROKEN_S
            return None

    def close(self) -> None:
        """Listen no more."""
        driver, self._driver = self._driver, None
        if driver is not None:
            with suppress(*self._errors):
                driver.close()

    def _begun(self) -> bool | None:
        """Listen; what was called before nobody heard, so that it counts as a call."""
        self._driver = driver = self._detached()
        driver.autocommit = True
        driver.execute(f"LISTEN {CHANNEL}")
        with self._engine.connect() as connection:
            _call(connection.connection.dbapi_connection)
        if self._heard(ECHO_S):
            return True
        self.close()
        self._again_at = time.monotonic() + SILENT_S
        log.warning(
            "the database passes no notifications on, as through a pooler that lends connections"
            " by the transaction: deliveries are looked for fifty times a second instead"
        )
        return None

    def _detached(self) -> Any:
        taken = self._engine.raw_connection()
        driver = taken.dbapi_connection
        taken.detach()
        return driver

    def _heard(self, seconds: float) -> bool:
        line = self._driver.pgconn
        waiting = select.poll()
        waiting.register(line.socket, select.POLLIN)
        if not waiting.poll(seconds * 1000):
            return False
        line.consume_input()
        heard = False
        while line.notifies():
            heard = True
        return heard
