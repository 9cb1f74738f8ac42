"""Deliveries that are to be sent again: one, or a range in lots that each are one transaction."""

from sqlalchemy import ColumnElement, Connection, Float, or_, select, tuple_, type_coerce, update

from jobs.adapters.sql import calls, turns
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.tables import deliveries, endpoints
from jobs.core.endpoint import State
from jobs.core.errors import Conflict, NotFound
from jobs.core.replay import Lot, Place, Range

#: as the database counts it: a datetime would lose what is below a microsecond
_owed_at = type_coerce(deliveries.c.created_at, Float(53))


class Replays:
    """All statements that make deliveries due again; the event, its id and its bytes stay.

    What is under way at that moment is left alone: it is being sent.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def one(self, id: str, owner: str) -> None:
        """Send a delivery again, whatever became of it.

        Raises:
            NotFound: this owner has none of that id.
            Conflict: it is to an endpoint that gets nothing now.
        """
        mine = select(deliveries.c.id).where(deliveries.c.id == id, deliveries.c.owner == owner)
        with self._db.write() as connection:
            if connection.execute(mine).first() is None:
                raise NotFound("delivery", id)
            if connection.execute(mine.where(_stands())).first() is None:
                raise Conflict("its endpoint is disabled or gone; enable it first")
            _again(connection, [id], wait=True)

    def some(self, owner: str, asked: Range, most: int) -> Lot:
        """The next lot of a range, at most so many, the oldest first.

        A range without an end goes to this moment, and the answer says what moment that is.
        """
        with self._db.write() as connection:
            until = asked.until or float(connection.execute(select(now())).scalar_one())
            query = (
                select(deliveries.c.id, _owed_at.label("at"))
                .where(deliveries.c.owner == owner, *_within(asked, until))
                .order_by(_owed_at, deliveries.c.id)
                .limit(most)
            )
            rows = connection.execute(query).all()
            replayed = _again(connection, [row.id for row in rows])
        more = len(rows) == most
        return Lot(replayed, until, Place(rows[-1].at, rows[-1].id) if more else None)


def _stands() -> ColumnElement[bool]:
    """To an address that a subject names, or to an endpoint that is enabled."""
    enabled = select(endpoints.c.id).where(endpoints.c.state == State.ENABLED.value)
    return or_(deliveries.c.endpoint == "", deliveries.c.endpoint.in_(enabled))


def _within(asked: Range, until: float) -> list[ColumnElement[bool]]:
    # what a later event of its kind replaced was not to go out, and is not missed
    left_out = ("superseded", "delivered") if asked.missing else ("superseded",)
    found = [_owed_at >= asked.since, _owed_at < until, deliveries.c.state.not_in(left_out)]
    found.append(_stands())
    if asked.subject is not None:
        found.append(deliveries.c.subject == asked.subject)
    if asked.after is not None:
        found.append(tuple_(_owed_at, deliveries.c.id) > (asked.after.at, asked.after.id))
    return found


def _again(connection: Connection, ids: list[str], *, wait: bool = False) -> int:
    """Due now, with its whole schedule before it; in the order of its subject, as at first."""
    if not ids:
        return 0
    free = or_(deliveries.c.state != "pending", turns.free(deliveries))
    # of many, one that somebody is writing now is left to him: two who wait for each other would
    # wait for ever
    idle = select(deliveries.c.id).where(deliveries.c.id.in_(ids), free)
    idle = idle.with_for_update(skip_locked=not wait)
    done = connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(list(connection.execute(idle).scalars())))
        .values(state="pending", attempts=0, next_at=now(), replayed_at=now(), lease_until=None)
    )
    calls.owed(connection)
    return done.rowcount
