"""Deliveries: claimed in lots, fenced like all leased work, with a log of every attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from jobs.adapters.sql import paces, pages
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.tables import attempts, deliveries, events, of_endpoint
from jobs.core.page import Found, Page


@dataclass(frozen=True, kw_only=True)
class Due:
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


#: a delivery, the state it is in now, seconds until it is tried again, and the attempt
End = tuple[Due, str, float | None, dict[str, Any]]


_NOT_FULL = deliveries.c.endpoint.not_in(bindparam("full", expanding=True))


@lru_cache(maxsize=64)
def _due(apart: tuple[str, ...], some_full: bool) -> Select[Any]:
    """Built once: it is asked many times a second, and building it costs more than asking."""
    free = or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until < now())
    earlier = deliveries.alias("earlier")
    held_back = (
        select(earlier.c.id)
        .where(
            earlier.c.subject == deliveries.c.subject,
            earlier.c.url == deliveries.c.url,
            earlier.c.endpoint == deliveries.c.endpoint,
            earlier.c.state == "pending",
            earlier.c.sequence < deliveries.c.sequence,
            # an endpoint that fails for long may not hold its subject's end back for ever
            earlier.c.created_at > now() - 300.0,
        )
        .exists()
    )
    return (
        select(deliveries.c.id)
        .where(deliveries.c.state == "pending", deliveries.c.next_at <= now(), free, ~held_back)
        .where(*(_elsewhere(server) for server in apart))
        .where(*([_NOT_FULL] if some_full else []))
        .order_by(deliveries.c.next_at)
        .limit(bindparam("room"))
        .with_for_update(of=deliveries, skip_locked=True)
    )


class Deliveries:
    """All statements about deliveries."""

    def __init__(self, database: Database) -> None:
        self._db = database

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
            due = connection.execute(_due(tuple(apart), bool(full)), {"room": limit, **full})
            ids = due.scalars().all()
            if not ids:
                return []
            connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(ids))
                .values(lease_token=deliveries.c.lease_token + 1, lease_until=now() + lease_s)
            )
            rows = connection.execute(
                select(
                    deliveries.c.id,
                    deliveries.c.subject,
                    deliveries.c.owner,
                    deliveries.c.url,
                    deliveries.c.endpoint,
                    deliveries.c.attempts,
                    deliveries.c.lease_token,
                    deliveries.c.traceparent,
                    events.c.id.label("event_id"),
                    events.c.body,
                )
                .join(events, events.c.id == deliveries.c.event)
                .where(deliveries.c.id.in_(ids))
            )
            return paces.kept(connection, pace, [Due(**row) for row in rows.mappings()])

    def release(self, held: Sequence[Due]) -> None:
        """Let go of deliveries that were not begun, as if they had not been claimed."""
        if not held:
            return
        with self._db.write() as connection:
            for due in held:
                connection.execute(
                    update(deliveries)
                    .where(deliveries.c.id == due.id)
                    .where(deliveries.c.lease_token == due.lease_token)
                    .values(lease_until=None)
                )

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
        with self._db.write() as connection:
            held = _still_held(connection, [due for due, *_ in ended])
            ours = [one for one in ended if one[0].id in held]
            if ours:
                connection.execute(_END, [_end_values(one) for one in ours])
                numbers = _numbers(connection, list(held))
                log = [
                    {"delivery": due.id, "number": numbers.get(due.id, 0) + 1} | attempt
                    for due, _, _, attempt in ours
                ]
                connection.execute(insert(attempts).values(at=now()), log)
        return held

    def newest(
        self, owner: str, subject: str | None, page: Page, *, endpoint: str | None = None
    ) -> Found[dict[str, Any]]:
        """The newest deliveries of an owner, with the log of their attempts."""
        query = (
            select(
                deliveries.c.id,
                deliveries.c.subject,
                deliveries.c.sequence,
                deliveries.c.url,
                deliveries.c.endpoint,
                deliveries.c.state,
                deliveries.c.created_at,
                events.c.type,
                events.c.id.label("event"),
            )
            .join(events, events.c.id == deliveries.c.event)
            .where(deliveries.c.owner == owner)
        )
        if subject:
            query = query.where(deliveries.c.subject == subject)
        if endpoint:
            query = query.where(of_endpoint(endpoint))
        by = (deliveries.c.created_at, deliveries.c.sequence, deliveries.c.id)
        found = pages.fetch(self._db, query, by, page, name=deliveries.c.id)
        with self._db.read() as connection:
            log = self._attempts(connection, [row["id"] for row in found.items])
        return found.map(lambda row: {**row, "attempts": log.get(row["id"], [])})

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


def _elsewhere(server: str) -> ColumnElement[bool]:
    """That an address is not of a server: the name ends where the path or the query begins."""
    start = func.substr(deliveries.c.url, 1, len(server) + 1)
    return start.not_in([server, f"{server}/", f"{server}?", f"{server}#"])


_END = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of"))
    .values(
        state=bindparam("to"),
        attempts=bindparam("made"),
        lease_until=None,
        next_at=now() + bindparam("wait_s"),  # means nothing once it is over
    )
)


def _end_values(end: End) -> dict[str, Any]:
    due, state, retry_in_s, _ = end
    return {"of": due.id, "to": state, "made": due.attempts + 1, "wait_s": retry_in_s or 0.0}


def _still_held(connection: Connection, held: Sequence[Due]) -> set[str]:
    query = select(deliveries.c.id, deliveries.c.lease_token).where(
        deliveries.c.id.in_([due.id for due in held]), deliveries.c.state == "pending"
    )
    tokens = {row.id: row.lease_token for row in connection.execute(query.with_for_update())}
    return {due.id for due in held if tokens.get(due.id) == due.lease_token}


def _numbers(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """The number of the last attempt of each delivery that has one."""
    query = select(attempts.c.delivery, func.max(attempts.c.number).label("last"))
    query = query.where(attempts.c.delivery.in_(ids)).group_by(attempts.c.delivery)
    return {row.delivery: row.last for row in connection.execute(query)}
