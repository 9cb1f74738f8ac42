"""Small writes that wait at the same moment share one transaction, and so one wait for the disk.

Nobody waits for company: who finds no transaction of the kind under way begins one at once, with
all that waits by then. What comes meanwhile makes the next one.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from jobs.core.errors import Unavailable

T = TypeVar("T")
#: of one transaction: it holds up other writers for as long
MOST = 64


class _Part:
    """What one caller wants written, and what came of it."""

    def __init__(self, do: Callable[[Connection], Any]) -> None:
        self._do = do
        self._error: BaseException | None = None
        self._value: Any = None
        self.over = False
        #: told when it is over, and when its caller is to begin the next transaction
        self.woken = SimpleQueue[None]()

    def run(self, connection: Connection) -> None:
        """Write it; what it raises is for whoever has the transaction."""
        self._value = self._do(connection)

    def end(self, error: BaseException | None = None) -> None:
        """It is committed, or this is why it is not."""
        self._error = error
        self.over = True

    def result(self) -> Any:
        """What it gave, or its error."""
        if self._error is not None:
            raise self._error
        if not self.over:
            raise Unavailable("whoever was to write this did not")
        return self._value


class Joined:
    """One transaction at a time for all parts that wait.

    A part that fails takes no other with it: all of them are then written one by one, each in a
    transaction of its own, as if they had come alone. So a part may run twice, and may do nothing
    but what its connection can undo.
    """

    def __init__(self, write: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._parts: list[_Part] = []
        self._under_way = False

    def run(self, do: Callable[[Connection], T]) -> T:
        """What `do` gives, once it is committed; raises what it raises."""
        mine = _Part(do)
        with self._lock:
            self._parts.append(mine)
            begins, self._under_way = not self._under_way, True
        if not begins:
            mine.woken.get()
        if not mine.over:
            self._run_all()
        return cast(T, mine.result())

    def _run_all(self) -> None:
        """Write what waits, then wake its callers and whoever begins the next transaction."""
        with self._lock:
            parts, self._parts = self._parts[:MOST], self._parts[MOST:]
        try:
            self._commit(parts)
        finally:
            with self._lock:
                self._under_way = bool(self._parts)
                waking = [*parts, *self._parts[:1]]
            for part in waking:
                part.woken.put(None)

    def _commit(self, parts: list[_Part]) -> None:
        try:
            with self._write() as connection:
                for part in parts:
                    part.run(connection)
        except BaseException as error:
            # one that cannot reach the database now would be as many waits as there are parts
            away = isinstance(error, Unavailable) and not _is_deadlock(error)
            apart = len(parts) > 1 and not away
            for part in parts:
                self._commit([part]) if apart else part.end(error)
        else:
            for part in parts:
                part.end()


def _is_deadlock(error: BaseException) -> bool:
    """Whether PostgreSQL ended this transaction for another's sake."""
    driver = getattr(error.__cause__, "orig", None)
    return getattr(driver, "sqlstate", None) == "40P01"
