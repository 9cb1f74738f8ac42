"""A SQLite file that the threads and processes of one machine share."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class File:
    """One connection in each process, used by one thread at a time."""

    def __init__(self, path: Path | str, schema: str, *, durable: bool) -> None:
        """Open the file, and make its tables.

        Args:
            path: where it is, on a disk of this machine; network folders cannot lock.
            schema: statements that make the tables if they are not there.
            durable: whether a commit also outlives a loss of power, not just of the process.
        """
        self._path = str(path)
        self._synchronous = "FULL" if durable else "NORMAL"
        self._held = self._open()
        with self._held.lock:
            self._held.connection.execute("PRAGMA journal_mode=WAL").close()
            self._held.connection.executescript(schema).close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone: all of it happens, or none."""
        held = self._held
        if held.pid != os.getpid():
            # a fork's copy is left alone: to close it would let go of the parent's locks
            _ORPHANS.append(held.connection)
            held = self._held = self._open()
        with held.lock:
            held.connection.execute("BEGIN IMMEDIATE").close()
            try:
                yield held.connection
            except BaseException:
                held.connection.rollback()
                raise
            held.connection.commit()

    def close(self) -> None:
        """Close this process's connection."""
        self._held.connection.close()

    def _open(self) -> "_Held":
        connection = sqlite3.connect(
            self._path, timeout=30, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA synchronous={self._synchronous}").close()
        return _Held(connection)


class _Held:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.pid = os.getpid()
        self.lock = threading.Lock()
        self.connection = connection


_ORPHANS: list[sqlite3.Connection] = []
