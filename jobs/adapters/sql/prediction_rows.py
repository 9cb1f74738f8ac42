"""Predictions as rows, and the statements that move them, each built once.

Building one takes longer than running it, and a quick model has hundreds a second.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Float,
    Integer,
    Select,
    bindparam,
    case,
    insert,
    literal_column,
    select,
    update,
)

from jobs.adapters.sql import tidying, turns
from jobs.adapters.sql.database import Instant, now
from jobs.adapters.sql.prepared import Prepared, Row
from jobs.adapters.sql.tables import ENDED_BADLY, predictions
from jobs.core.prediction import Prediction, State

#: beside the fields of a prediction: how it was asked for
_ASKED = ("idempotency_key", "request_hash")
_COLUMNS = (*Prediction.__dataclass_fields__, *_ASKED)
_INSERT = Prepared(insert(predictions), _COLUMNS)
#: what nearly all do without, and what an INSERT need not name then
_SELDOM = frozenset(
    {
        *("error", "webhook", "hardware", "deadline", "destination", "deployment", "traceparent"),
        "idempotency_key",
    }
)
_USUAL = Prepared(insert(predictions), [name for name in _COLUMNS if name not in _SELDOM])
ONE = Prepared(select(predictions).where(predictions.c.id == bindparam("this")))
#: trainings lie here too, and are others' to list: see trainings.py
NO_TRAINING = predictions.c.destination.is_(None)
TRAINING = predictions.c.destination.is_not(None)
#: those that ended badly, as their index says it; and those that have not ended
BAD = frozenset({State.FAILED, State.CANCELED})
OPEN = frozenset({State.STARTING, State.PROCESSING})
#: what is to be known of one that waits
WAITING = (predictions.c.id, predictions.c.attempts, predictions.c.state)
#: what the end of a prediction may say
_SAID = ("state", "output", "error", "logs", "metrics", "completed_at")


def listed(owner: str, states: Collection[str] = ()) -> Select[Any]:
    """The predictions of an owner that are in one of these states; in any, if none is named.

    Few have failed, and few run: who asks for them alone does not go through all that succeeded.
    """
    whose = predictions.c.owner == owner
    query = select(predictions).where(NO_TRAINING)
    if states and OPEN.issuperset(states):
        # said so that no index of the owner's serves, but that of states
        whose = predictions.c.owner.concat(literal_column("''")) == owner
    elif states and BAD.issuperset(states):
        query = query.where(ENDED_BADLY)
    return query.where(whose, *([predictions.c.state.in_(states)] if states else ()))


def from_row(row: Mapping[Any, Any]) -> Prediction:
    """A row as the value it keeps."""
    fields = {name: row[name] for name in Prediction.__dataclass_fields__}
    fields["state"] = State(row["state"])
    fields["webhook_events"] = tuple(row["webhook_events"])
    fields["grants"] = tuple(row["grants"])
    fields["cancel_asked"] = bool(row["cancel_asked"])
    fields["gives_files"] = bool(row["gives_files"])
    return Prediction(**fields)


def to_row(value: Prediction) -> dict[str, Any]:
    """The value as a row."""
    fields = dict(value.__dict__)
    fields["state"] = value.state.value
    fields["webhook_events"] = list(value.webhook_events)
    fields["grants"] = list(value.grants)
    fields["cancel_asked"] = int(value.cancel_asked)
    fields["gives_files"] = int(value.gives_files)
    return fields


def keep(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new one."""
    if row["deadline"] is None:
        _INSERT.change(connection, row)
        return
    # by whose clock it will pass: that of this host may be wrong
    after_s = (row["deadline"] - row["created_at"]).total_seconds()
    due = insert(predictions).values(deadline=now() + after_s)
    connection.execute(due, {name: value for name, value in row.items() if name != "deadline"})


def keep_ended(
    connection: Connection,
    pairs: Sequence[tuple[Prediction, Prediction]],
    hashes: Sequence[str],
) -> None:
    """Keep new ones without a deadline, each as it ran and as it ended."""
    # what an attempt may have left is written down by the move that ends it
    plain = [old if _leaves_something(new) else new for old, new in pairs]
    rows = list(map(_asked_plainly, plain, hashes))
    usual = all(row[name] is None for row in rows for name in _SELDOM)
    (_USUAL if usual else _INSERT).keep_all(connection, rows)
    for old, new in pairs:
        if _leaves_something(new):
            end(connection, old, new)


def keep_begun(
    connection: Connection, value: Prediction, lease_s: float, request_hash: str
) -> None:
    """Keep a new one without a deadline that runs already."""
    _INSERT.change(connection, _asked_plainly(value, request_hash))
    held = update(predictions).where(predictions.c.id == value.id)
    connection.execute(held.values(lease_until=now() + lease_s))


def _asked_plainly(value: Prediction, request_hash: str) -> dict[str, Any]:
    row = to_row(value)
    row["idempotency_key"], row["request_hash"] = None, request_hash
    return row


@lru_cache(maxsize=16)
def alike(served: tuple[str, ...] | None) -> Prepared:
    """The oldest that wait of an `owner`, `model`, `version` and `deployment`, `most` of them."""
    # no index of the owner's: it has all that ever ran, and of those that are open there are few
    query = select(*WAITING).where(
        predictions.c.owner.concat("") == bindparam("owner"),
        predictions.c.model == bindparam("model"),
        predictions.c.version == bindparam("version"),
        predictions.c.deployment.is_not_distinct_from(bindparam("deployment")),
        turns.prediction_waits(),
        NO_TRAINING,
        turns.fits(predictions.c.hardware, served),
    )
    oldest = query.order_by(predictions.c.id.concat(""))
    query = oldest.limit(bindparam("most", type_=Integer))
    return Prepared(query.with_for_update(skip_locked=True))


@cache
def due(*, training: bool, classed: bool) -> Prepared:
    """A page of the ids of those that nobody runs now, trainings or others, of one class."""
    query = select(predictions.c.id).where(
        TRAINING if training else NO_TRAINING,
        turns.prediction_waits(),
        turns.of_class(predictions.c.hardware, classed),
    )
    return turns.page(query, predictions.c.id)


@cache
def overdue() -> Prepared:
    """The ids of those that have not ended by their deadline, `most` of them."""
    query = select(predictions.c.id).where(
        predictions.c.deadline < now(),
        predictions.c.deadline.is_not(None),
        predictions.c.completed_at.is_(None),
        predictions.c.cancel_asked == 0,
    )
    return Prepared(query.limit(bindparam("most", type_=Integer)))


def leased(connection: Connection, ids: Sequence[str], for_s: float, at: datetime) -> list[Row]:
    """One more attempt at each, held for so long; who begins one says when.

    What is to be cancelled is held, and does not begin.
    """
    asked = {f"id_{number}": id for number, id in enumerate(ids)}
    return _leased(len(ids)).rows(connection, {**asked, "for_s": for_s, "at": at})


@lru_cache(maxsize=64)
def _leased(count: int) -> Prepared:
    begins = predictions.c.cancel_asked == 0
    waits = predictions.c.state == State.STARTING.value
    started = bindparam("at", type_=Instant)
    these: list[Any] = [bindparam(f"id_{number}") for number in range(count)]
    return Prepared(
        update(predictions)
        .where(predictions.c.id.in_(these))
        .values(
            state=case((begins, State.PROCESSING.value), else_=predictions.c.state),
            started_at=case((begins & waits, started), else_=predictions.c.started_at),
            lease_token=predictions.c.lease_token + 1,
            lease_until=now() + bindparam("for_s", type_=Float),
            attempts=predictions.c.attempts + 1,
        )
        .returning(predictions)
    )


def end(connection: Connection, old: Prediction, new: Prediction) -> Prediction | None:
    """Save the end of one as it is held; None if it moved on without whoever holds it."""
    forgets = new.input is not old.input
    end = _ended(leaves=_leaves_something(new), forgets=forgets)
    return new if end.change(connection, _end_of(old, new)) == 1 else None


def _leaves_something(value: Prediction) -> bool:
    """Whether an attempt may have stored files that the end of the prediction did not choose."""
    chosen = 1 if value.state is State.SUCCEEDED else 0
    return value.lease_token > chosen


@cache
def _ended(*, leaves: bool, forgets: bool) -> Prepared:
    """`leaves`: something is to be tidied up after it; `forgets`: its input had secrets."""
    more: dict[str, Any] = {"tidy_at": tidying.later()} if leaves else {}
    if forgets:
        more["input"] = bindparam("new_input")
    return Prepared(
        update(predictions)
        .where(
            predictions.c.id == bindparam("this"),
            predictions.c.state == bindparam("is_in"),
            predictions.c.lease_token == bindparam("by"),
        )
        .values(**{name: bindparam(f"new_{name}") for name in _SAID}, lease_until=None, **more)
    )


def _end_of(old: Prediction, new: Prediction) -> dict[str, Any]:
    said = {f"new_{name}": getattr(new, name) for name in (*_SAID, "input")}
    held = {"this": old.id, "is_in": old.state.value, "by": old.lease_token}
    return said | held | {"new_state": new.state.value}
