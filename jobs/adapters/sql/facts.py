"""What the database knows of the work at large: how much waits, for how long, and who is at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Select,
    Table,
    and_,
    case,
    func,
    select,
    type_coerce,
)

from jobs.adapters.sql import turns
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.paces import limited
from jobs.adapters.sql.tables import (
    batches,
    deliveries,
    endpoints,
    open_shard,
    predictions,
    shards,
    versions,
)
from jobs.core.batch import State
from jobs.core.endpoint import Reason
from jobs.core.endpoint import State as EndpointState

_OPEN_BATCHES = (State.VALIDATING, State.IN_PROGRESS, State.FINALIZING, State.CANCELLING)
_OPEN_PREDICTIONS = ("starting", "processing")
_IS_TRAINING = predictions.c.destination.is_not(None)
_OPEN_VERSIONS = ("pushed", "preparing")


@dataclass(frozen=True)
class Fact:
    """One number: of what, with which labels."""

    name: str
    labels: tuple[str, ...]
    value: float


class Facts:
    """Questions about what is open, each served by an index: what has ended is not counted."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def read(self) -> list[Fact]:
        """All of them, at about one moment."""
        with self._db.read() as connection:
            return [
                *_counts(connection, "batches", batches, _OPEN_BATCHES),
                *_counts(connection, "predictions", predictions, _OPEN_PREDICTIONS, ~_IS_TRAINING),
                *_counts(connection, "trainings", predictions, _OPEN_PREDICTIONS, _IS_TRAINING),
                *_counts(connection, "deliveries", deliveries, ("pending", "exhausted")),
                *_endpoints(connection),
                *_rows(connection),
                *_queues(connection),
                *_leases(connection),
            ]


def _counts(
    connection: Connection,
    name: str,
    table: Table,
    states: tuple[str, ...],
    *where: ColumnElement[bool],
) -> Iterator[Fact]:
    query = select(table.c.state, func.count()).where(table.c.state.in_(states), *where)
    found = {row[0]: row[1] for row in connection.execute(query.group_by(table.c.state))}
    for state in states:
        yield Fact(name, (str(state),), found.get(state, 0))


def _endpoints(connection: Connection) -> Iterator[Fact]:
    """Standing endpoints by how they are: `given_up` is disabled, and not by its owner."""
    disabled = endpoints.c.state == EndpointState.DISABLED.value
    word = case(
        (and_(disabled, endpoints.c.reason == Reason.OWNER.value), "disabled"),
        (disabled, "given_up"),
        (endpoints.c.failing_since.is_not(None), "failing"),
        else_="enabled",
    ).label("word")
    query = select(word, func.count()).group_by(word)
    found = {row[0]: row[1] for row in connection.execute(query)}
    for state in ("enabled", "failing", "disabled", "given_up"):
        yield Fact("endpoints", (state,), found.get(state, 0))


def _rows(connection: Connection) -> Iterator[Fact]:
    pending = batches.c.rows - batches.c.completed - batches.c.failed
    query = select(func.coalesce(func.sum(pending), 0)).where(
        batches.c.state == State.IN_PROGRESS, batches.c.stop.is_(None), batches.c.paused == 0
    )
    yield Fact("rows_pending", (), float(connection.execute(query).scalar_one()))


def _queues(connection: Connection) -> Iterator[Fact]:
    """Work that nobody is at: how much, and how long the first of it has waited."""
    for work, query in _waiting().items():
        count, since, at = connection.execute(query).one()
        yield Fact("queue", (work,), count)
        yield Fact("queue_oldest", (work,), max(0.0, at - since) if count else 0.0)


def _waiting() -> dict[str, Select[int, Any, float]]:
    due = [deliveries.c.state == "pending", deliveries.c.next_at <= now()]
    # what its endpoint's own rate keeps back does not wait for anybody
    due.append(deliveries.c.endpoint.not_in(select(endpoints.c.id).where(limited())))
    return {
        "validate": _chore(State.VALIDATING),
        "shard": _since(_last_served(), turns.rows_wait(), ~_is_served()),
        "finalize": _chore(State.FINALIZING),
        "prediction": _since(predictions.c.created_at, turns.prediction_waits(), ~_IS_TRAINING),
        "training": _since(predictions.c.created_at, turns.prediction_waits(), _IS_TRAINING),
        "version": _since(versions.c.created_at, turns.version_waits()),
        "delivery": _since(deliveries.c.next_at, turns.free(deliveries), *due),
    }


def _chore(state: State) -> Select[int, Any, float]:
    return _since(_entered(state), turns.chore_waits(), batches.c.state == state)


def _since(since: Any, *where: ColumnElement[bool]) -> Select[int, Any, float]:
    """How many, since when the first of them, and what time it is."""
    return select(func.count(), func.min(type_coerce(since, Float)), now()).where(*where)


def _in(table: Table, *states: str) -> ColumnElement[bool]:
    return table.c.state.in_(states)


def _entered(state: State) -> ColumnElement[float]:
    entered: ColumnElement[float] = batches.c.times[state.value].as_float()
    return entered


def _last_served() -> ColumnElement[float]:
    """When somebody last began on rows of a batch, or since when there have been any."""
    return func.coalesce(type_coerce(batches.c.served_at, Float), _entered(State.IN_PROGRESS))


def _is_served() -> ColumnElement[bool]:
    """Whether somebody is at some of a batch's rows now."""
    held = select(shards.c.first).where(
        shards.c.batch == batches.c.id, open_shard(), shards.c.lease_until >= now()
    )
    return held.exists()


def _leases(connection: Connection) -> Iterator[Fact]:
    """Who is at work, and whose holder has not been heard of for longer than it had."""
    open_ones = {
        "validate": (batches, _in(batches, State.VALIDATING)),
        "shard": (shards, open_shard()),
        "finalize": (batches, _in(batches, State.FINALIZING)),
        "prediction": (predictions, and_(_in(predictions, *_OPEN_PREDICTIONS), ~_IS_TRAINING)),
        "training": (predictions, and_(_in(predictions, *_OPEN_PREDICTIONS), _IS_TRAINING)),
        "version": (versions, _in(versions, *_OPEN_VERSIONS)),
        "delivery": (deliveries, deliveries.c.state == "pending"),
    }
    for work, (table, where) in open_ones.items():
        lost = table.c.lease_until < now()
        query = select(func.count(), func.count().filter(lost))
        found = connection.execute(query.where(where, table.c.lease_until.is_not(None))).one()
        yield Fact("leases", (work, "held"), found[0] - found[1])
        yield Fact("leases", (work, "lost"), found[1])
