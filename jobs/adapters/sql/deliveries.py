"""Deliveries: claimed in lots, fenced like all leased work, with a log of every attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.tables import attempts, deliveries, events


@dataclass(frozen=True, kw_only=True)
class Due:
    """A delivery that this process holds, with the bytes to send."""

    id: str
    event_id: str
    owner: str
    url: str
    body: bytes
    attempts: int
    lease_token: int


class Deliveries:
    """All statements about deliveries."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def claim(self, limit: int, lease_s: float) -> list[Due]:
        """Lease up to `limit` due deliveries, of each subject only the earliest that is open."""
        free = or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until < now())
        earlier = deliveries.alias("earlier")
        held_back = (
            select(earlier.c.id)
            .where(
                earlier.c.subject == deliveries.c.subject,
                earlier.c.url == deliveries.c.url,
                earlier.c.state == "pending",
                earlier.c.sequence < deliveries.c.sequence,
                # an endpoint that fails for long may not hold its subject's end back for ever
                earlier.c.created_at > now() - 300.0,
            )
            .exists()
        )
        query = (
            select(deliveries.c.id)
            .where(deliveries.c.state == "pending", deliveries.c.next_at <= now(), free, ~held_back)
            .order_by(deliveries.c.next_at)
            .limit(limit)
            .with_for_update(of=deliveries, skip_locked=True)
        )
        with self._db.write() as connection:
            ids = list(connection.execute(query).scalars())
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
                    deliveries.c.owner,
                    deliveries.c.url,
                    deliveries.c.attempts,
                    deliveries.c.lease_token,
                    events.c.id.label("event_id"),
                    events.c.body,
                )
                .join(events, events.c.id == deliveries.c.event)
                .where(deliveries.c.id.in_(ids))
            )
            return [Due(**row) for row in rows.mappings()]

    def record(
        self, due: Due, state: str, retry_in_s: float | None, attempt: dict[str, Any]
    ) -> bool:
        """Log an attempt and say what comes next; False if someone else holds it by now."""
        values: dict[str, Any] = {
            "state": state,
            "attempts": due.attempts + 1,
            "lease_until": None,
        }
        if retry_in_s is not None:
            values["next_at"] = now() + retry_in_s
        with self._db.write() as connection:
            done = connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.id == due.id,
                    deliveries.c.state == "pending",
                    deliveries.c.lease_token == due.lease_token,
                )
                .values(**values)
            )
            if done.rowcount != 1:
                return False
            last = select(func.coalesce(func.max(attempts.c.number), 0)).where(
                attempts.c.delivery == due.id
            )
            number = connection.execute(last).scalar_one() + 1
            connection.execute(
                insert(attempts).values(delivery=due.id, number=number, at=now(), **attempt)
            )
        return True

    def newest(self, owner: str, subject: str | None, limit: int) -> list[dict[str, Any]]:
        """The newest deliveries of an owner, with the log of their attempts."""
        query = (
            select(
                deliveries.c.id,
                deliveries.c.subject,
                deliveries.c.sequence,
                deliveries.c.url,
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
        query = query.order_by(deliveries.c.created_at.desc(), deliveries.c.sequence.desc())
        with self._db.read() as connection:
            rows = [dict(row) for row in connection.execute(query.limit(limit)).mappings()]
            log = self._attempts(connection, [row["id"] for row in rows])
        return [row | {"attempts": log.get(row["id"], [])} for row in rows]

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
