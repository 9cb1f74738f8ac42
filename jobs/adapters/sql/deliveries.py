"""Deliveries: claimed in lots, fenced like all leased work, with a log of every attempt."""

from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    FromClause,
    Select,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from jobs.adapters.sql import outcomes, paces, pages
from jobs.adapters.sql.database import Database, Instant, now
from jobs.adapters.sql.outcomes import End
from jobs.adapters.sql.prepared import Prepared
from jobs.adapters.sql.tables import attempts, deliveries, events, is_open, of_endpoint
from jobs.core.errors import NotFound
from jobs.core.events import spoken
from jobs.core.page import Found, Page


class Due(NamedTuple):
    """A delivery that this process holds, with the bytes to send."""

    id: str
    event_id: str
    subject: str
    owner: str
    url: str
    body: bytes
    attempts: int
    lease_token: int
    #: empty where the subject names the address
    endpoint: str = ""
    traceparent: str | None = None
    #: if it was sent again, its log has attempts of before, which `attempts` does not count
    replayed_at: float | None = None
    #: since when it waits
    next_at: float = 0.0
    #: in whose words it is told; None: ours
    format: str | None = None


#: how long an event waits for the earlier ones of its subject that its address has not taken
HELD_BACK_S = 300.0
_NOT_FULL = deliveries.c.endpoint.not_in(bindparam("full", expanding=True))


@lru_cache(maxsize=64)
def _claim(apart: tuple[str, ...], some_full: bool) -> ReturningUpdate[Any]:
    """Built once: it is asked many times a second, and building it costs more than asking."""
    due = _due(apart, some_full).cte("due")
    body = select(events.c.body).where(events.c.id == deliveries.c.event).scalar_subquery()
    until = now() + bindparam("lease_s", type_=Float)
    taken = update(deliveries).where(deliveries.c.id.in_(select(due.c.id)))
    # in the order of Due's fields
    return taken.values(lease_token=deliveries.c.lease_token + 1, lease_until=until).returning(
        deliveries.c.id,
        deliveries.c.event,
        deliveries.c.subject,
        deliveries.c.owner,
        deliveries.c.url,
        body,
        deliveries.c.attempts,
        deliveries.c.lease_token,
        deliveries.c.endpoint,
        deliveries.c.traceparent,
        deliveries.c.replayed_at,
        deliveries.c.next_at,
        deliveries.c.format,
    )


@lru_cache(maxsize=64)
def _waiting(apart: tuple[str, ...]) -> Select[Any]:
    """What is due and in nobody's hands, whether or not it may go out yet."""
    free = or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until < now())
    return (
        select(deliveries.c.id)
        .where(deliveries.c.state == "pending", deliveries.c.next_at <= now(), free)
        .where(*(_elsewhere(server) for server in apart))
    )


def _before(earlier: FromClause) -> Select[Any]:
    """What its address is to take before a delivery, of the same subject."""
    return select(earlier.c.id).where(
        earlier.c.subject == deliveries.c.subject,
        earlier.c.url == deliveries.c.url,
        earlier.c.endpoint == deliveries.c.endpoint,
        is_open("earlier"),
        earlier.c.sequence < deliveries.c.sequence,
        # an endpoint that fails for long may not hold its subject's end back for ever
        func.coalesce(earlier.c.replayed_at, earlier.c.created_at) > now() - HELD_BACK_S,
    )


def _due(apart: tuple[str, ...], some_full: bool) -> Select[Any]:
    held_back = _before(deliveries.alias("earlier")).exists()
    return (
        _waiting(apart)
        .where(~held_back)
        .where(*([_NOT_FULL] if some_full else []))
        .order_by(deliveries.c.next_at)
        .limit(bindparam("room"))
        .with_for_update(of=deliveries, skip_locked=True)
    )


class Deliveries:
    """All statements about deliveries."""

    def __init__(self, database: Database) -> None:
        self._db = database
        # as text, since building it takes longer than the database needs for it
        look = _waiting(()).limit(1)
        words = str(look.compile(database.engine, compile_kwargs={"literal_binds": True}))
        self._look = Prepared(text(words).columns(deliveries.c.id))

    def claim(self, limit: int, lease_s: float, *, apart: Sequence[str] = ()) -> list[Due]:
        """Lease up to `limit` due deliveries, of each subject only the earliest that is open.

        Args:
            limit: how many at most.
            lease_s: for how long, in seconds.
            apart: servers, such as https://example.com:8443, to leave out.
        """
        with self._db.write() as connection:
            pace = paces.now_of(connection)
            full = {"full": pace.full} if pace.full else {}
            given = {"room": limit, "lease_s": lease_s, **full}
            rows = connection.execute(_claim(tuple(apart), bool(full)), given)
            # an update gives rows in any order
            lot = sorted(map(Due._make, rows), key=attrgetter("next_at"))
            held = paces.kept(connection, pace, lot)
        return [due if due.format is None else _spoken(due) for due in held]

    def any_due(self, apart: Sequence[str] = ()) -> bool:
        """Whether a claim may find something, for who has found nothing: it locks nothing."""
        if not apart:
            return bool(self._db.ask(self._look))
        with self._db.glance() as connection:
            return connection.execute(_waiting(tuple(apart)).limit(1)).first() is not None

    def release(self, held: Sequence[Due]) -> None:
        """Let go of deliveries that were not begun, as if they had not been claimed."""
        if not held:
            return
        with self._db.write() as connection:
            tokens = [{"of": due.id, "token": due.lease_token} for due in held]
            connection.execute(_RELEASE, tokens)

    def cancel(self, owner: str, url: str) -> None:
        """End all that waits for an address that subjects name: it is gone."""
        with self._db.write() as connection:
            connection.execute(
                update(deliveries)
                .where(deliveries.c.owner == owner, deliveries.c.url == url)
                .where(deliveries.c.state == "pending", deliveries.c.endpoint == "")
                .values(state="cancelled", lease_until=None)
            )

    def record(
        self, due: Due, state: str, retry_in_s: float | None, attempt: dict[str, Any]
    ) -> bool:
        """Log an attempt and say what comes next; False if someone else holds it by now."""
        return bool(self.record_all([(due, state, retry_in_s, attempt)]))

    def record_all(self, ended: Sequence[End]) -> set[str]:
        """Log attempts in one transaction; the ids of those that nobody else holds by now."""
        return outcomes.record(self._db, ended)

    def newest(
        self,
        owner: str,
        subject: str | None,
        page: Page,
        *,
        endpoint: str | None = None,
        state: str | None = None,
    ) -> Found[dict[str, Any]]:
        """The newest deliveries of an owner, with the log of their attempts."""
        query = _shown().where(deliveries.c.owner == owner)
        if subject:
            query = query.where(deliveries.c.subject == subject)
        if endpoint:
            query = query.where(of_endpoint(endpoint))
        if state:
            query = query.where(deliveries.c.state == state)
        by = (deliveries.c.created_at, deliveries.c.sequence, deliveries.c.id)
        with self._db.snapshot() as connection:
            found = pages.read(connection, query, by, page, name=deliveries.c.id)
            log = self._attempts(connection, [row["id"] for row in found.items])
        return found.map(lambda row: {**row, "attempts": log.get(row["id"], [])})

    def get(self, id: str, owner: str) -> dict[str, Any]:
        """One delivery, as in the list.

        Raises:
            NotFound: this owner has none of that id.
        """
        query = _shown().where(deliveries.c.id == id, deliveries.c.owner == owner)
        with self._db.snapshot() as connection:
            row = connection.execute(query).mappings().first()
            if row is None:
                raise NotFound("delivery", id)
            return {**row, "attempts": self._attempts(connection, [id]).get(id, [])}

    def _attempts(
        self, connection: Connection, ids: Sequence[str]
    ) -> dict[str, list[dict[str, Any]]]:
        columns = (attempts.c.number, attempts.c.at, attempts.c.status, attempts.c.error)
        query = select(attempts.c.delivery, *columns, attempts.c.duration_s)
        query = query.where(attempts.c.delivery.in_(ids)).order_by(attempts.c.number)
        log: dict[str, list[dict[str, Any]]] = {}
        for row in connection.execute(query).mappings():
            attempt = dict(row)
            log.setdefault(attempt.pop("delivery"), []).append(attempt)
        return log


def _spoken(due: Due) -> Due:
    return due._replace(body=spoken(due.event_id, due.body, due.format))


def _shown() -> Select[Any]:
    columns = ("id", "subject", "sequence", "url", "endpoint", "state", "created_at")
    what = [deliveries.c[name] for name in columns]
    earlier = deliveries.alias("earlier")
    first = _before(earlier).order_by(earlier.c.sequence).limit(1).scalar_subquery()
    pending = deliveries.c.state == "pending"
    waits_for = case((pending, first)).label("waits_for")
    # of one that waits for another nobody knows when it is tried
    due = type_coerce(case((pending & first.is_(None), deliveries.c.next_at)), Instant)
    query = select(*what, events.c.type, events.c.id.label("event"))
    query = query.add_columns(waits_for, due.label("next_attempt_at"))
    return query.join(events, events.c.id == deliveries.c.event)


def _elsewhere(server: str) -> ColumnElement[bool]:
    """That an address is not of a server: the name ends where the path or the query begins."""
    start = func.substr(deliveries.c.url, 1, len(server) + 1)
    return start.not_in([server, f"{server}/", f"{server}?", f"{server}#"])


_RELEASE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of"), deliveries.c.lease_token == bindparam("token"))
    .values(lease_until=None)
)
