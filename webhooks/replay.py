"""Which message ids were handled, so that a repeat is answered but not handled again.

An id is claimed, then done. A claim is a lease: if the process that holds it is killed, the id can
be claimed again once the lease has run out, so that its event is not lost.
"""

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from webhooks.errors import ConfigurationError
from webhooks.sqlite import File

#: longer than a sender goes on retrying
KEPT_S = 4 * 86_400.0


class Seen(Enum):
    """What became of an id before."""

    FIRST = "first"
    #: somebody holds it now
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True)
class Claim:
    """The answer to one who wants to handle an id; the token is for `done` and `release`."""

    seen: Seen
    token: str


class ReplayStore(Protocol):
    """Remembers ids; every answer is atomic, however many ask at once."""

    #: how long an id that was handled is remembered, in seconds
    kept_s: float

    def claim(self, id: str, lease_s: float) -> Claim:
        """Ask to handle an id; FIRST for one caller, until it is released or the lease ends."""

    def done(self, id: str) -> None:
        """Remember that it was handled, whoever holds it by now."""

    def release(self, id: str, token: str) -> None:
        """Let it come again, unless it was handled or somebody else holds it by now."""


class MemoryReplay:
    """For one process; forgets when it ends, and the oldest of more than `most` ids."""

    def __init__(self, kept_s: float = KEPT_S, most: int = 1_000_000) -> None:
        self.kept_s = _positive(kept_s)
        self._most = most
        #: id → (token, or "" once it is done; until when it counts)
        self._seen: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def claim(self, id: str, lease_s: float) -> Claim:
        """Ask to handle an id."""
        now, token = time.monotonic(), _token()
        with self._lock:
            held, until = self._seen.get(id, ("", -1.0))
            if now < until:
                return Claim(Seen.RUNNING if held else Seen.DONE, token)
            self._keep(id, token, now, lease_s)
        return Claim(Seen.FIRST, token)

    def done(self, id: str) -> None:
        """Remember that it was handled."""
        with self._lock:
            self._keep(id, "", time.monotonic(), self.kept_s)

    def release(self, id: str, token: str) -> None:
        """Let it come again."""
        with self._lock:
            if self._seen.get(id, ("", 0.0))[0] == token:
                del self._seen[id]

    def _keep(self, id: str, token: str, now: float, seconds: float) -> None:
        self._seen[id] = (token, now + seconds)
        self._seen.move_to_end(id)
        while len(self._seen) > self._most or next(iter(self._seen.values()))[1] <= now:
            self._seen.popitem(last=False)


_SCHEMA = """
CREATE TABLE IF NOT EXISTS webhooks_seen
    (id TEXT PRIMARY KEY, token TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS webhooks_seen_until ON webhooks_seen (until);
"""
_CLAIM = """
INSERT INTO webhooks_seen VALUES (:id, :token, :until) ON CONFLICT (id) DO UPDATE
SET token = excluded.token, until = excluded.until WHERE webhooks_seen.until <= :now
"""
_SWEEP = """
DELETE FROM webhooks_seen WHERE id IN
    (SELECT id FROM webhooks_seen WHERE until <= ? AND id != ? ORDER BY until LIMIT 10)
"""


class SQLiteReplay:
    """For the processes of one machine; survives a restart."""

    def __init__(self, path: Path | str, kept_s: float = KEPT_S) -> None:
        self.kept_s = _positive(kept_s)
        # a power cut may forget the last ids; at worst a repeat of those is handled again
        self._file = File(path, _SCHEMA, durable=False)

    def claim(self, id: str, lease_s: float) -> Claim:
        """Ask to handle an id."""
        now, token = time.time(), _token()
        values = {"id": id, "token": token, "now": now, "until": now + lease_s}
        with self._file.write() as connection:
            if connection.execute(_CLAIM, values).rowcount == 1:
                connection.execute(_SWEEP, (now, id)).close()
                return Claim(Seen.FIRST, token)
            query = "SELECT token FROM webhooks_seen WHERE id = ?"
            (held,) = connection.execute(query, (id,)).fetchone()
        return Claim(Seen.RUNNING if held else Seen.DONE, token)

    def done(self, id: str) -> None:
        """Remember that it was handled."""
        with self._file.write() as connection:
            row = (id, "", time.time() + self.kept_s)
            connection.execute("INSERT OR REPLACE INTO webhooks_seen VALUES (?, ?, ?)", row).close()

    def release(self, id: str, token: str) -> None:
        """Let it come again."""
        with self._file.write() as connection:
            statement = "DELETE FROM webhooks_seen WHERE id = ? AND token = ?"
            connection.execute(statement, (id, token)).close()

    def close(self) -> None:
        """Close the file in this process."""
        self._file.close()


_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"
_DONE = "done"


class RedisReplay:
    """For the processes of many machines; as lasting as that Redis is."""

    def __init__(self, client: Any, prefix: str = "webhooks:seen:", kept_s: float = KEPT_S) -> None:
        """Say where.

        Args:
            client: a `redis.Redis` or `valkey.Valkey`, with a socket timeout.
            prefix: what its keys begin with.
            kept_s: how long an id that was handled is remembered.
        """
        self.kept_s = _positive(kept_s)
        self._client = client
        self._prefix = prefix

    def claim(self, id: str, lease_s: float) -> Claim:
        """Ask to handle an id."""
        key, token = self._prefix + id, _token()
        for _ in range(3):
            if self._client.set(key, token, nx=True, px=max(1, int(lease_s * 1000))):
                return Claim(Seen.FIRST, token)
            held = self._client.get(key)
            if held is not None:  # else it ran out in between
                return Claim(Seen.DONE if held in (_DONE, _DONE.encode()) else Seen.RUNNING, token)
        return Claim(Seen.RUNNING, token)

    def done(self, id: str) -> None:
        """Remember that it was handled."""
        self._client.set(self._prefix + id, _DONE, px=max(1, int(self.kept_s * 1000)))

    def release(self, id: str, token: str) -> None:
        """Let it come again."""
        self._client.eval(_RELEASE, 1, self._prefix + id, token)


def _token() -> str:
    return secrets.token_hex(8)


def _positive(kept_s: float) -> float:
    if not kept_s > 0:
        raise ConfigurationError("a replay store keeps ids for more than 0 seconds")
    return kept_s
