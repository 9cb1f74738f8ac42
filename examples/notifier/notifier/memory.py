"""What happened lately, which alerts that made, and who was told of what: a SQLite file.

All processes of the application use the same file, and it outlives them.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from notifier.outcome import Outcome
from notifier.settings import Alert

#: longer than an event goes on coming
KEPT_S = 7 * 86_400
SCHEMA = """
CREATE TABLE IF NOT EXISTS outcomes
    (event TEXT PRIMARY KEY, at REAL NOT NULL, rows INTEGER NOT NULL, failed INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS outcomes_at ON outcomes (at);
CREATE TABLE IF NOT EXISTS alerts
    (number INTEGER PRIMARY KEY, raised INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS told
    (id TEXT NOT NULL, channel TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (id, channel));
"""


class Memory:
    """One transaction for each question."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            connection.executescript(f"PRAGMA journal_mode=WAL; {SCHEMA}")

    def note(self, event: str, at: float, rows: int, failed: int) -> None:
        """Something ended at a time, in seconds since 1970; an event counts once."""
        with self._open() as connection:
            values = (event, at, rows, failed)
            connection.execute("INSERT OR IGNORE INTO outcomes VALUES (?, ?, ?, ?)", values)

    def judge(self, alert: Alert, now: float) -> None:
        """Raise an alert if the error rate of the window is too high, or end the one there is."""
        with self._open() as connection:
            connection.execute("DELETE FROM outcomes WHERE at < ?", (now - alert.window_s,))
            query = "SELECT coalesce(sum(rows), 0), coalesce(sum(failed), 0) FROM outcomes"
            rows, failed = connection.execute(query).fetchone()
            query = "SELECT raised FROM alerts ORDER BY number DESC LIMIT 1"
            (raised,) = connection.execute(query).fetchone() or (0,)
            high = rows >= alert.rows and failed >= alert.rate * rows
            if high != bool(raised):
                values = (int(high), *_said(alert, rows, failed, high=high))
                connection.execute(
                    "INSERT INTO alerts (raised, title, text) VALUES (?, ?, ?)", values
                )

    def alerts(self) -> list[tuple[str, Outcome]]:
        """The newest alert and the one before it, each with an id."""
        with self._open() as connection:
            query = "SELECT number, title, text FROM alerts ORDER BY number DESC LIMIT 2"
            found = connection.execute(query).fetchall()
        return [(f"alert-{number}", Outcome(0, 0, *said)) for number, *said in reversed(found)]

    def was_told(self, id: str, channel: str) -> bool:
        """Whether a channel was told of an event or an alert."""
        with self._open() as connection:
            query = "SELECT 1 FROM told WHERE id = ? AND channel = ?"
            return connection.execute(query, (id, channel)).fetchone() is not None

    def told(self, id: str, channel: str) -> None:
        """A channel was told."""
        with self._open() as connection:
            values = (id, channel, time.time())
            connection.execute("INSERT OR IGNORE INTO told VALUES (?, ?, ?)", values)
            connection.execute(
                "DELETE FROM told WHERE at < ? AND id NOT LIKE 'alert-%'", (values[2] - KEPT_S,)
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")


def _said(alert: Alert, rows: int, failed: int, *, high: bool) -> tuple[str, str]:
    part = f"{failed} of {rows} rows failed within {alert.window_s:.0f} s"
    if high:
        return f"ALERT: {failed / rows:.0%} of rows fail", f"{part}; the limit is {alert.rate:.0%}."
    return "the alert is over", f"{part}; the limit is {alert.rate:.0%} of {alert.rows} rows."
