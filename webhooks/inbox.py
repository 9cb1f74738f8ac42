"""Messages that were acknowledged and are still to be handled, in a SQLite file."""

import time
from dataclasses import dataclass
from pathlib import Path

from webhooks.answers import TryLater
from webhooks.message import Message
from webhooks.sqlite import File

_SCHEMA = """
CREATE TABLE IF NOT EXISTS webhooks_inbox (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    timestamp INTEGER NOT NULL,
    body BLOB NOT NULL,
    key TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL,
    dead INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS webhooks_inbox_due ON webhooks_inbox (dead, next_at);
"""
_DUE = """
SELECT number, id, timestamp, body, key, attempts FROM webhooks_inbox
WHERE dead = 0 AND next_at <= ? ORDER BY next_at, number LIMIT 1
"""


@dataclass(frozen=True)
class Entry:
    """A message that somebody holds; `attempts` counts this one."""

    number: int
    message: Message
    attempts: int


class SQLiteInbox:
    """For the processes of one machine; what is in it outlives a kill and a power cut."""

    def __init__(self, path: Path | str, most: int = 100_000) -> None:
        """Say where, and how many may wait before senders are asked to come later."""
        self._file = File(path, _SCHEMA, durable=True)
        self._most = most

    def put(self, message: Message) -> None:
        """Keep a message; one that is kept already is not kept twice.

        Raises:
            TryLater: too many wait.
        """
        row = (message.id, message.timestamp, message.body, message.key, time.time())
        with self._file.write() as connection:
            (waiting,) = connection.execute("SELECT count(*) FROM webhooks_inbox").fetchone()
            if waiting >= self._most:
                raise TryLater
            connection.execute(
                "INSERT OR IGNORE INTO webhooks_inbox (id, timestamp, body, key, next_at)"
                " VALUES (?, ?, ?, ?, ?)",
                row,
            ).close()

    def claim(self, lease_s: float) -> Entry | None:
        """Take the message that has waited longest; if nobody settles it, it comes again."""
        now = time.time()
        with self._file.write() as connection:
            row = connection.execute(_DUE, (now,)).fetchone()
            if row is None:
                return None
            number, id, timestamp, body, key, attempts = row
            connection.execute(
                "UPDATE webhooks_inbox SET attempts = attempts + 1, next_at = ? WHERE number = ?",
                (now + lease_s, number),
            ).close()
        return Entry(number, Message(id, timestamp, body, key), attempts + 1)

    def due_in_s(self) -> float | None:
        """How long until the next message is due; None if none waits."""
        with self._file.write() as connection:
            query = "SELECT min(next_at) FROM webhooks_inbox WHERE dead = 0"
            (next_at,) = connection.execute(query).fetchone()
        return None if next_at is None else max(0.0, next_at - time.time())

    def done(self, entry: Entry) -> None:
        """It was handled."""
        self._change("DELETE FROM webhooks_inbox WHERE number = ?", (entry.number,))

    def again(self, entry: Entry, after_s: float) -> None:
        """It was not; try it once more after so many seconds."""
        statement = "UPDATE webhooks_inbox SET next_at = ? WHERE number = ? AND attempts = ?"
        self._change(statement, (time.time() + after_s, entry.number, entry.attempts))

    def bury(self, entry: Entry) -> None:
        """It cannot be handled; keep it, and leave it alone."""
        self._change("UPDATE webhooks_inbox SET dead = 1 WHERE number = ?", (entry.number,))

    def dead(self) -> list[str]:
        """The ids of what was given up, oldest first."""
        with self._file.write() as connection:
            query = "SELECT id FROM webhooks_inbox WHERE dead = 1 ORDER BY number"
            return [id for (id,) in connection.execute(query)]

    def revive(self, id: str) -> None:
        """Try again what was given up."""
        statement = "UPDATE webhooks_inbox SET dead = 0, attempts = 0, next_at = ? WHERE id = ?"
        self._change(statement, (time.time(), id))

    def close(self) -> None:
        """Close the file in this process."""
        self._file.close()

    def _change(self, statement: str, values: tuple[object, ...]) -> None:
        with self._file.write() as connection:
            connection.execute(statement, values).close()
