"""Events and their deliveries, written in the transaction of the move that made them."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from jobs.adapters.sql import calls, feed, turns
from jobs.adapters.sql.database import now
from jobs.adapters.sql.prepared import Prepared, Row
from jobs.adapters.sql.tables import deliveries, endpoints, events, is_open
from jobs.core import context
from jobs.core.endpoint import State
from jobs.core.events import NEWS, PREDICTION_TYPES, TRAINING_TYPES, Event, sayable, wanted
from jobs.core.ids import new_id
from jobs.core.rowjson import writer
from webhooks.routes import matches

_write = writer()
#: receivers that were written for Replicate read the prediction itself: it stands there twice
_TWICE = PREDICTION_TYPES | TRAINING_TYPES
#: made once: every event asks it
_STANDING = Prepared(
    select(endpoints.c.id, endpoints.c.url, endpoints.c.events, endpoints.c.format)
    .where(endpoints.c.owner == bindparam("whose"), endpoints.c.state == State.ENABLED.value)
    .order_by(endpoints.c.id)
    .with_for_update(read=True)
)


@dataclass(frozen=True)
class Kept:
    """An event that was numbered and kept."""

    id: str
    subject: str
    sequence: int


@dataclass(frozen=True)
class Place:
    """Where an event goes: to a standing endpoint, or to an address that its subject names."""

    url: str
    endpoint: str = ""
    #: in whose words it is told there; None: ours
    format: str | None = None


@dataclass(frozen=True)
class News:
    """An event with what it tells, and who is to be told."""

    event: Event
    data: dict[str, Any]
    owner: str
    #: the address that the subject names, and what it wants to hear of
    url: str | None
    filter: tuple[str, ...]
    #: in whose words that address is told; None: ours
    format: str | None = None
    #: what the subject began with: the trace where no span is under way here
    traceparent: str | None = None


def emit(
    connection: Connection,
    event: Event,
    data: dict[str, Any],
    *,
    owner: str,
    url: str | None,
    filter: tuple[str, ...],
    format: str | None = None,
    traceparent: str | None = None,
) -> None:
    """Number the event within its subject and owe a delivery to whoever wants it."""
    one = News(event, data, owner=owner, url=url, filter=filter, format=format)
    emit_all(connection, [replace(one, traceparent=traceparent)])


def emit_all(connection: Connection, news: Sequence[News], *, fresh: bool = False) -> None:
    """The same for several events.

    `fresh`: all that their subjects have had; else each is of another subject.
    """
    if not news:
        return
    kept = _keep_all(connection, news, fresh=fresh)
    stand = {owner: _enabled(connection, owner) for owner in {one.owner for one in news}}
    for one, event in zip(news, kept, strict=True):
        places = _wanting(one, _wanted_by(stand[one.owner], one.event.type))
        if one.event.type in NEWS:
            for place in places:
                _supersede(connection, one.event, place)
        owe(connection, event, one.owner, places, one.traceparent)


def _wanting(one: News, stand: Sequence[Place]) -> list[Place]:
    """Who is told: the address that the subject names, and endpoints, in words that they have."""
    type = one.event.type
    named = [Place(one.url, format=one.format)] if one.url and wanted(type, one.filter) else []
    return [place for place in (*named, *stand) if sayable(type, place.format)]


def keep(connection: Connection, event: Event, data: dict[str, Any], owner: str) -> Kept:
    """Number an event within its subject."""
    [kept] = _keep_all(connection, [News(event, data, owner=owner, url=None, filter=())])
    return kept


def _keep_all(connection: Connection, news: Sequence[News], *, fresh: bool = False) -> list[Kept]:
    """Number events, each within its subject."""
    # the subject's own row is locked by the move, so that numbers have no gap and no repeat
    subjects = [one.event.subject for one in news]
    last = {} if fresh else _last(connection, subjects)
    kept = []
    for one, subject in zip(news, subjects, strict=True):
        # by time: their index grows at one end
        id = new_id("evt", one.event.at)
        last[subject] = last.get(subject, 0) + 1
        kept.append(Kept(id, subject, last[subject]))
    moments = feed.moments(connection, [one.owner for one in news])
    rows = list(map(_row, news, kept, moments))
    _insert(sqlite=connection.dialect.name == "sqlite").keep_all(connection, rows)
    return kept


def _last(connection: Connection, subjects: Sequence[str]) -> dict[str, int]:
    """The number of the last event of each of these subjects."""
    asked = {f"subject_{number}": subject for number, subject in enumerate(subjects)}
    found = _last_of(len(subjects)).rows(connection, asked)
    return {row["subject"]: row["sequence"] for row in found}


@lru_cache(maxsize=64)
def _last_of(count: int) -> Prepared:
    these: list[Any] = [bindparam(f"subject_{number}") for number in range(count)]
    return Prepared(
        select(events.c.subject, func.max(events.c.sequence).label("sequence"))
        .where(events.c.subject.in_(these))
        .group_by(events.c.subject)
    )


def _row(news: News, kept: Kept, moment: float | None) -> dict[str, Any]:
    """The body is made once, here: every attempt sends and signs the same bytes."""
    event = news.event
    at = event.at.isoformat().replace("+00:00", "Z")
    # a name of ours, a time and a number need no care
    head = f'"type":"{event.type}","timestamp":"{at}","sequence":{kept.sequence}'
    data = _write(news.data)
    twice = data[1:-1] + b"," if event.type in _TWICE else b""
    return {
        "id": kept.id,
        "subject": kept.subject,
        "sequence": kept.sequence,
        "type": event.type,
        "body": b'{%b%b,"data":%b}' % (twice, head.encode(), data),
        "created_at": event.at,
        "owner": news.owner,
        "told_at": moment,
    }


@cache
def _insert(*, sqlite: bool) -> Prepared:
    if sqlite:
        return Prepared(insert(events), [column.name for column in events.c])
    # by the clock of the database
    given = [column.name for column in events.c if column.name != "told_at"]
    return Prepared(insert(events).values(told_at=now()), given)


def standing(connection: Connection, owner: str, type: str) -> list[Place]:
    """The enabled endpoints of an owner that want an event of this type.

    They stay as they are until the transaction ends: whoever disables one afterwards finds what
    is owed to it here, and cancels that too.
    """
    return _wanted_by(_enabled(connection, owner), type)


def _enabled(connection: Connection, owner: str) -> Sequence[Row]:
    return _STANDING.rows(connection, {"whose": owner})


def _wanted_by(endpoints: Sequence[Row], type: str) -> list[Place]:
    return [
        Place(row["url"], row["id"], row["format"])
        for row in endpoints
        if any(matches(type, pattern) for pattern in row["events"])
    ]


def owe(
    connection: Connection,
    kept: Kept,
    owner: str,
    places: Iterable[Place],
    traceparent: str | None = None,
) -> Sequence[str]:
    """Owe an event to each of these places; the ids of the deliveries."""
    rows = [
        {
            "id": f"dlv_{secrets.token_hex(16)}",
            "event": kept.id,
            "owner": owner,
            "subject": kept.subject,
            "sequence": kept.sequence,
            "url": place.url,
            "endpoint": place.endpoint,
            "format": place.format,
            "state": "pending",
            "attempts": 0,
            "lease_token": 0,
            "traceparent": context.traceparent() or traceparent,
        }
        for place in places
    ]
    if rows:
        # not `event.at`: by this it is judged for how long it may hold back what follows, and
        # the clock of whoever moved the subject may be wrong
        connection.execute(insert(deliveries).values(next_at=now(), created_at=now()), rows)
        calls.owed(connection)
    return [str(row["id"]) for row in rows]


def _supersede(connection: Connection, event: Event, place: Place) -> None:
    """An address that is slow or away gets the newest of a type, not one for each half second."""
    old = (
        select(deliveries.c.id)
        .join(events, events.c.id == deliveries.c.event)
        .where(
            deliveries.c.subject == event.subject,
            deliveries.c.url == place.url,
            deliveries.c.endpoint == place.endpoint,
        )
        .where(is_open(), turns.free(deliveries), events.c.type == event.type)
        # what is being claimed at this moment goes out
        .with_for_update(of=deliveries, skip_locked=True)
    )
    ids = list(connection.execute(old).scalars())
    if ids:
        given_way = update(deliveries).where(deliveries.c.id.in_(ids)).values(state="superseded")
        connection.execute(given_way)
