"""Whose turn it is: the order in which workers take what is due.

Owners come first. Each has a share: the seconds of model time that its shards were charged. Who
has had the least is next (start-time fair queueing): a shard of one second and one of thirty count
as what they are. An owner who comes back after a while starts where the others are, so that nobody
saves up. Of one owner's batches the higher priority goes first, else the one that was served
longest ago, else the oldest.
"""

from collections.abc import Collection
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    true,
    tuple_,
    update,
)

from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.prepared import Prepared
from jobs.adapters.sql.tables import batches, open_shard, predictions, shards, shares, versions
from jobs.core import version
from jobs.core.batch import State
from jobs.core.prediction import State as Prediction

#: so many are named in one answer: another worker may be first at some
CHOICES = 10
#: deployments and versions
Closed = Collection[tuple[str, str]]
#: what is chosen among: the same in an order
Some = tuple[Any, ...] | None
CHORES = (State.VALIDATING, State.FINALIZING)
OPEN = (Prediction.STARTING.value, Prediction.PROCESSING.value)


class Turns:
    """What to do next; a claim is what gives it to somebody."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def rows(
        self,
        served: Collection[str] | None = None,
        warm: Collection[str] = (),
        closed: Closed = (),
    ) -> list[str]:
        """Batches that have rows to run, in turn.

        Args:
            served: the classes of hardware that the worker serves; None: all.
            warm: versions that go before others, but for batches that were never served.
            closed: deployments and versions whose instances are all with other workers.
        """
        return self._db.ids(_next_rows(*map(_fixed, (served, warm, closed))))

    def newcomer(self, served: Collection[str] | None = None, closed: Closed = ()) -> str | None:
        """The next batch, if it was never served: it need not wait for the end of a shard."""
        found = self._db.ask(_next_rows(_fixed(served), None, _fixed(closed)))
        return str(found[0]["id"]) if found and found[0]["served_at"] is None else None

    def chores(self, most_bytes: int | None = None) -> list[str]:
        """Batches to validate or to finalize: of who has the fewest under way, then by priority.

        Args:
            most_bytes: only those whose manifest is not larger.
        """
        return self._db.ids(_next_chores(most_bytes))

    def classes(self) -> list[str]:
        """The classes of hardware that something waits for."""
        found = (row["hardware"] for query in _classes() for row in self._db.ask(query))
        return sorted(set(found))


def _fixed(some: Collection[Any] | None) -> Some:
    """The same in an order, so that what was prepared for it is found again."""
    return None if some is None else tuple(sorted(some))


@lru_cache(maxsize=64)
def _next_rows(served: Some, warm: Some, closed: Some) -> Prepared:
    query = select(batches.c.id, batches.c.served_at)
    query = query.outerjoin(shares, shares.c.owner == batches.c.owner)
    query = query.where(rows_wait(), fits(batches.c.hardware, served))
    if closed:
        through = tuple_(batches.c.deployment, batches.c.version)
        query = query.where(or_(batches.c.deployment.is_(None), through.not_in(closed)))
    if warm:
        ready = or_(batches.c.version.in_(warm), batches.c.served_at.is_(None))
        query = query.order_by(case((ready, 0), else_=1))
    query = query.order_by(
        func.coalesce(shares.c.finish, 0.0),
        batches.c.priority.desc(),
        func.coalesce(batches.c.served_at, 0.0),
        batches.c.id,
    )
    return Prepared(query.limit(CHOICES))


@cache
def _next_chores(most_bytes: int | None) -> Prepared:
    others = batches.alias()
    under_way = (
        select(func.count())
        .where(
            others.c.owner == batches.c.owner,
            others.c.state.in_(CHORES),
            others.c.lease_until >= now(),
        )
        .scalar_subquery()
    )
    query = select(batches.c.id).where(chore_waits())
    if most_bytes is not None:
        query = query.where(batches.c.size_bytes <= most_bytes)
    query = query.order_by(under_way, batches.c.priority.desc(), batches.c.id)
    return Prepared(query.limit(CHOICES))


def charge(connection: Connection, batch: str, owner: str, seconds: float) -> None:
    """A worker begins on a shard of the batch, which is locked."""
    _served().change(connection, {"this": batch})
    share = {"of": owner, "seconds": seconds}
    if not _charged().change(connection, share):
        first = "INSERT INTO shares (owner, start, finish) VALUES (:owner, 0, 0)"
        connection.execute(text(f"{first} ON CONFLICT DO NOTHING"), {"owner": owner})
        _charged().change(connection, share)


def correct(connection: Connection, owner: str, seconds: float) -> None:
    """It took so many seconds more than it was charged, or less."""
    _corrected().change(connection, {"of": owner, "seconds": seconds})


@cache
def _served() -> Prepared:
    this = batches.c.id == bindparam("this")
    return Prepared(update(batches).where(this).values(served_at=now()))


@cache
def _charged() -> Prepared:
    front = select(func.coalesce(func.max(shares.c.start), 0.0)).scalar_subquery()
    start = case((shares.c.finish > front, shares.c.finish), else_=front)
    finish = start + bindparam("seconds", type_=Float)
    share = update(shares).where(shares.c.owner == bindparam("of"))
    return Prepared(share.values(start=start, finish=finish))


@cache
def _corrected() -> Prepared:
    finish = shares.c.finish + bindparam("seconds", type_=Float)
    return Prepared(update(shares).where(shares.c.owner == bindparam("of")).values(finish=finish))


def asked_class(hardware: str | None) -> dict[str, str]:
    """What a statement with `of_class` is given."""
    return {} if hardware is None else {"hardware": hardware}


def of_class(column: ColumnElement[Any], classed: bool) -> ColumnElement[bool]:
    """Whether it asks for just the class `hardware`; not `classed`: for none."""
    return column == bindparam("hardware") if classed else column.is_(None)


def fits(column: ColumnElement[Any], served: Collection[str] | None) -> ColumnElement[bool]:
    """Whether a worker that serves these classes of hardware may do it; None serves all."""
    return true() if served is None else or_(column.is_(None), column.in_(served))


def free(table: Any) -> ColumnElement[bool]:
    """Whether nobody holds it."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until < now())


def chore_waits() -> ColumnElement[bool]:
    """A batch that is to be validated or finalized."""
    return and_(batches.c.state.in_(CHORES), free(batches))


def rows_wait() -> ColumnElement[bool]:
    """A batch with rows that nobody runs, and that may be run."""
    returned = select(shards.c.first).where(
        shards.c.batch == batches.c.id,
        open_shard(),
        or_(shards.c.state == "queued", shards.c.lease_until < now()),
    )
    return and_(
        batches.c.state == State.IN_PROGRESS,
        batches.c.stop.is_(None),
        batches.c.paused == 0,
        or_(batches.c.cursor < batches.c.rows, returned.exists()),
    )


def prediction_waits() -> ColumnElement[bool]:
    """A prediction that nobody runs."""
    return and_(predictions.c.state.in_(OPEN), free(predictions))


def version_waits() -> ColumnElement[bool]:
    """A version that is to be prepared."""
    lost = and_(versions.c.state == version.State.PREPARING.value, versions.c.lease_until < now())
    return or_(versions.c.state == version.State.PUSHED.value, lost)


@cache
def _classes() -> list[Prepared]:
    """Those of what waits, of each kind."""
    waiting = (
        (batches.c.hardware, rows_wait()),
        (predictions.c.hardware, prediction_waits()),
        (versions.c.hardware, version_waits()),
    )
    some = (select(column).where(column.is_not(None), due) for column, due in waiting)
    return [Prepared(query.distinct()) for query in some]


def page(query: Select[Any], id: ColumnElement[str]) -> Prepared:
    """Those beyond `after`, in the order of their ids, `limit` of them."""
    later = query.where(id > bindparam("after")).order_by(id)
    return Prepared(later.limit(bindparam("limit", type_=Integer)))
