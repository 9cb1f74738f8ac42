"""Which message ids were seen, so that a repeat is answered but not handled again."""

import sqlite3
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

KEPT_S = 4 * 86_400.0


class ReplayStore(Protocol):
    """Remembers ids for at least as long as a sender retries."""

    def first_seen(self, id: str) -> bool:
        """Remember an id; True only for the first caller, also when many ask at once."""

    def forget(self, id: str) -> None:
        """Let an id come again: its handler failed."""


class MemoryReplay:
    """For one process; forgets when it ends."""

    def __init__(self, kept_s: float = KEPT_S, most: int = 1_000_000) -> None:
        self._kept_s = kept_s
        self._most = most
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def first_seen(self, id: str) -> bool:
        """Remember an id; True only the first time."""
        now = time.monotonic()
        with self._lock:
            while self._seen and (
                len(self._seen) >= self._most or next(iter(self._seen.values())) < now
            ):
                self._seen.popitem(last=False)
            if id in self._seen:
                return False
            self._seen[id] = now + self._kept_s
            return True

    def forget(self, id: str) -> None:
        """Let an id come again."""
        with self._lock:
            self._seen.pop(id, None)


class SQLiteReplay:
    """For several processes on one machine; survives a restart."""

    def __init__(self, path: Path | str, kept_s: float = KEPT_S) -> None:
        self._path = str(path)
        self._kept_s = kept_s
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, until REAL) WITHOUT ROWID"
            )
        connection.close()

    def first_seen(self, id: str) -> bool:
        """Remember an id; the insert is atomic, so one of many callers gets True."""
        now = time.time()
        connection = self._open()
        try:
            with connection:
                connection.execute("DELETE FROM seen WHERE id = ? AND until < ?", (id, now))
                done = connection.execute(
                    "INSERT OR IGNORE INTO seen VALUES (?, ?)", (id, now + self._kept_s)
                )
                return done.rowcount == 1
        finally:
            connection.close()

    def forget(self, id: str) -> None:
        """Let an id come again."""
        connection = self._open()
        try:
            with connection:
                connection.execute("DELETE FROM seen WHERE id = ?", (id,))
        finally:
            connection.close()

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)
