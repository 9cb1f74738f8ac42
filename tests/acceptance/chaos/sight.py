"""What work is in flight, read past the product: from the database, /proc and scratch folders."""

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from tests.servers import tree

_NOW = "extract(epoch from clock_timestamp())"
_HELD = f"lease_until >= {_NOW}"
QUERIES = {
    "shards": "SELECT batch, first, lease_token, progress FROM shards"
    f" WHERE state = 'leased' AND {_HELD} ORDER BY batch, first",
    "validating": f"SELECT id, lease_token FROM batches WHERE state = 'validating' AND {_HELD}",
    "finalizing": f"SELECT id, lease_token FROM batches WHERE state = 'finalizing' AND {_HELD}",
    "predictions": f"SELECT id, lease_token FROM predictions WHERE {_HELD}",
    "preparing": f"SELECT id, lease_token FROM versions WHERE {_HELD}",
    "deliveries": f"SELECT event, lease_token FROM deliveries WHERE state = 'pending' AND {_HELD}",
}
_ROWS = tuple[tuple[object, ...], ...]
DOWN_S = 60.0


@dataclass(frozen=True)
class InFlight:
    """Everything that is leased at one moment, by what it is."""

    shards: _ROWS = ()
    validating: _ROWS = ()
    finalizing: _ROWS = ()
    predictions: _ROWS = ()
    preparing: _ROWS = ()
    deliveries: _ROWS = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    def kinds(self) -> list[str]:
        """The names of what there is something of."""
        return [field.name for field in fields(self) if getattr(self, field.name)]

    def only(self, *names: str) -> "InFlight":
        """The part of it that has these names."""
        return InFlight(**{name: getattr(self, name) for name in names})

    def __str__(self) -> str:
        parts = []
        for name in self.kinds():
            shown = [".".join(_short(word) for word in row) for row in getattr(self, name)]
            more = f" and {len(shown) - 4} more" if len(shown) > 4 else ""
            parts.append(f"{name} {', '.join(shown[:4])}{more}")
        return "; ".join(parts) or "nothing"


def _short(word: object) -> str:
    text = str(word)
    return text if len(text) < 12 else f"…{text[-6:]}"


class Sight:
    """Asks the database itself, not through a link; it may be away for a while."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, poolclass=NullPool)

    def rows(self, query: str) -> _ROWS:
        """What a query answers, once the database does."""
        end = time.monotonic() + DOWN_S
        while True:
            try:
                with self._engine.connect() as connection:
                    return tuple(tuple(row) for row in connection.execute(text(query)))
            except DBAPIError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def in_flight(self) -> InFlight:
        """All that is leased now."""
        parts = [f"SELECT '{name}' AS what, row_to_json(q)::text AS row FROM ({query}) q"
                 for name, query in QUERIES.items()]  # fmt: skip
        found: dict[str, list[tuple[object, ...]]] = {name: [] for name in QUERIES}
        for what, row in self.rows(" UNION ALL ".join(parts)):
            found[str(what)].append(tuple(json.loads(str(row)).values()))
        return InFlight(**{name: tuple(sorted(some)) for name, some in found.items()})


def held_by(scratch: Path, since: float) -> list[str]:
    """What a worker has begun, by the temporary folders it has: `shard-…`, `validate-…`.

    Those from before `since`, seconds since 1970, were left by another life of it.
    """
    with suppress(OSError):
        names = [path.name for path in scratch.iterdir() if path.stat().st_mtime >= since]
        return sorted(name for name in names if "-" in name)
    return []


def connections_to(port: int, pids: list[int]) -> int:
    """How many connections to a local port these processes hold."""
    there = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if int(line.split()[2].rpartition(":")[2], 16) == port and line.split()[3] == "01"
    }
    return sum(inode in there for pid in pids for inode in _sockets(pid))


def _sockets(pid: int) -> list[str]:
    found = []
    with suppress(OSError):
        for path in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                target = os.readlink(path)
                if target.startswith("socket:["):
                    found.append(target[8:-1])
    return found


def left_behind(folders: list[Path]) -> list[str]:
    """Processes that were told of one of these folders and live now."""
    marks = [str(folder).encode() for folder in folders]
    return [
        f"{pid} {tree.read(pid, 'cmdline').replace(bytes(1), b' ').decode(errors='replace')}"
        for pid in tree.pids()
        if pid != os.getpid() and tree.state(pid) != "Z" and _told(pid, marks)
    ]


def _told(pid: int, marks: list[bytes]) -> bool:
    known = tree.read(pid, "environ") + tree.read(pid, "cmdline")
    return any(mark in known for mark in marks)
