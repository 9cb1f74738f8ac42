"""Versions as rows, of which the large columns are read once: every prediction asks for one."""

import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, select

from jobs.adapters.sql import turns
from jobs.adapters.sql.database import Database
from jobs.adapters.sql.prepared import Prepared, Raw, Row
from jobs.adapters.sql.tables import aliases, models, versions
from jobs.core.version import State, Version

#: what does not change from when a version is ready until it is prepared anew
LARGE = ("files", "schema", "logs")
#: versions whose large columns are remembered
MOST = 64
#: how long an answer counts that no write of this process can have changed
KNOWN_S = 0.1
_SMALL = [column for column in versions.c if column.name not in LARGE]
_ONE = (versions.c.model == bindparam("of"), versions.c.id == bindparam("this"))
_newest = aliases.alias()
_NUMBER = (
    select(func.max(_newest.c.number))
    .where(_newest.c.model == bindparam("of"), _newest.c.alias == bindparam("called"))
    .scalar_subquery()
)
#: `this` version `of` a model
ONE = Prepared(select(*_SMALL).where(*_ONE))
#: what an alias, `called` so, of an owner's model names now
NAMED = Prepared(
    select(*_SMALL)
    .join(aliases, (aliases.c.model == versions.c.model) & (aliases.c.version == versions.c.id))
    .join(models, models.c.name == versions.c.model)
    .where(models.c.name == bindparam("of"), models.c.owner == bindparam("whose"))
    .where(aliases.c.alias == bindparam("called"), aliases.c.number == _NUMBER)
)

_OWNED = (
    select(*_SMALL)
    .join(models, models.c.name == versions.c.model)
    .where(versions.c.id == bindparam("this"), models.c.owner == bindparam("whose"))
    .where(versions.c.state != State.RETIRED.value)
    .order_by(versions.c.model)
    .limit(1)
)
#: `this` version of a model of `whose`, if it was not removed; the same of one model
OWNED = Prepared(_OWNED)
OWNED_OF = Prepared(_OWNED.where(versions.c.model == bindparam("of")))


@cache
def due(*, classed: bool) -> Prepared:
    """The ids of those that are to be prepared, of one class."""
    asks = turns.of_class(versions.c.hardware, classed)
    return Prepared(select(versions.c.id).where(turns.version_waits(), asks))


def from_row(row: RowMapping | Mapping[str, Any]) -> Version:
    """A row as the value it keeps."""
    fields = {name: row[name] for name in Version.__dataclass_fields__}
    fields["state"] = State(row["state"])
    fields["files"] = tuple(row["files"])
    return Version(**fields)


class VersionRows:
    """Reads versions."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._large: dict[tuple[str, str, int], dict[str, Any]] = {}
        #: by their small columns as the driver gives them
        self._known: dict[tuple[Any, ...], Version] = {}
        #: what was asked, on SQLite: after which change it was answered, when, and how
        self._answers: dict[tuple[Any, ...], tuple[int, float, Version]] = {}

    def first(self, query: Prepared, asked: Mapping[str, Any]) -> Version | None:
        """What one of the questions above finds."""
        if not self._db.sqlite:
            return self._looked(query, asked)
        key, changes, now_s = (query, *asked.values()), self._db.changes, time.monotonic()
        known = self._answers.get(key)
        if known is not None and known[0] == changes and now_s - known[1] < KNOWN_S:
            return known[2]
        found = self._looked(query, asked)
        if found is not None:
            self._answers[key] = changes, now_s, found
            for old in list(self._answers)[:-MOST]:
                self._answers.pop(old, None)
        return found

    def _looked(self, query: Prepared, asked: Mapping[str, Any]) -> Version | None:
        raw = self._db.look(query, **asked)
        if raw is None:
            return None
        return self._known.get(raw.values) or self._found(raw)

    def _found(self, raw: Raw) -> Version | None:
        row = raw.row()
        key = row["model"], row["id"], row["lease_token"]
        large = self._large.get(key) if row["state"] == State.READY.value else None
        if large is None:
            return self._read(row)
        self._known[raw.values] = version = from_row({**row, **large})
        for old in list(self._known)[:-MOST]:
            self._known.pop(old, None)
        return version

    def _read(self, small: Row) -> Version | None:
        asked = {"of": small["model"], "this": small["id"]}
        with self._db.read() as connection:
            row = connection.execute(select(versions).where(*_ONE), asked).mappings().first()
        if row is None:  # removed in between
            return None
        if row["state"] == State.READY.value:
            key = row["model"], row["id"], row["lease_token"]
            self._large[key] = {name: row[name] for name in LARGE}
            for old in list(self._large)[:-MOST]:
                self._large.pop(old, None)
        return from_row(row)
