"""An owner's events in an order in which none is missed, for who asks what has come since.

A cursor is the moment of an event and its id. Whoever reads on from one must not find later that
something was committed before it. On SQLite writers go one after the other, and each event gets a
later moment than the one before. On PostgreSQL moments are by the database's clock, and what a
transaction that still runs may yet commit is waited for.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    Select,
    bindparam,
    func,
    literal,
    select,
    text,
    tuple_,
)

from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.prepared import Prepared
from jobs.adapters.sql.tables import events
from jobs.core.page import Found

#: a moment, and an id to tell those of one moment apart
Place = tuple[float, str]
#: the smallest step that a moment of these years can be told by
TICK_S = 1e-6
#: the events of transactions that run now will have later moments: a move writes its subject's row
#: first, and who has written is listed here with when it began
_POSTGRESQL = text(
    "SELECT coalesce(extract(epoch from min(xact_start)), extract(epoch from clock_timestamp()))"
    "::float8 FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_xid IS NOT NULL AND xact_start IS NOT NULL"
)


_LAST = select(func.max(events.c.told_at)).where(events.c.owner == bindparam("whose"))
#: of SQLite's only writer, whose transaction is under way
_NEXT = Prepared(
    select(func.max(now(), func.coalesce(_LAST.scalar_subquery(), 0.0) + TICK_S).label("moment"))
)


def moments(connection: Connection, owners: Sequence[str]) -> list[float | None]:
    """When events of these owners are written, in this order; None: their INSERT is to say it."""
    if connection.dialect.name != "sqlite":
        return [None] * len(owners)
    told: list[float | None] = []
    coming: dict[str, float] = {}
    for owner in owners:
        at = coming.get(owner) or _NEXT.rows(connection, {"whose": owner})[0]["moment"]
        coming[owner] = at + TICK_S
        told.append(at)
    return told


class Feed:
    """All statements about what an owner is told, in its order."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def end(self) -> Place:
        """The place behind everything that is there by now."""
        with self._db.read() as connection:
            if self._db.sqlite:  # its clock goes by milliseconds, and events by less
                last = func.coalesce(func.max(events.c.told_at), 0.0) + TICK_S / 2
                return float(connection.execute(select(func.max(now(), last))).scalar_one()), ""
            return self._horizon(connection), ""

    def after(
        self, owner: str, place: Place, types: Collection[str], limit: int
    ) -> Found[dict[str, Any]]:
        """The first `limit` events of these types after a place, each with its own `place`."""
        query = _after(owner, place, types).limit(limit + 1)
        with self._db.read() as connection:
            if not self._db.sqlite:  # asked before the query: what ends in between is seen by it
                query = query.where(events.c.told_at < self._horizon(connection))
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return Found(tuple(map(_placed, rows[:limit])), later=len(rows) > limit)

    def _horizon(self, connection: Connection) -> float:
        return float(
            connection.execute(select(now()) if self._db.sqlite else _POSTGRESQL).scalar_one()
        )


def _after(owner: str, place: Place, types: Collection[str]) -> Select[Any]:
    order = (events.c.told_at, events.c.id)
    columns = (events.c.type, events.c.subject, events.c.sequence, events.c.created_at)
    here = tuple_(literal(place[0], Float(53)), literal(place[1]))
    return (
        select(events.c.id, *columns, events.c.body, events.c.told_at)
        .where(events.c.owner == owner, tuple_(*order) > here, events.c.type.in_(types))
        .order_by(*order)
    )


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"place": (row.pop("told_at"), row["id"])}
