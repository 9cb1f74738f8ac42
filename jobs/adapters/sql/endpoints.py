"""Standing endpoints: what they are told, and when they are told no more."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    delete,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.types import Float

from jobs.adapters.sql import outbox, pages
from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.outbox import Place
from jobs.adapters.sql.tables import deliveries, endpoint_secrets, endpoints, waits_for
from jobs.core import wire
from jobs.core.endpoint import DISABLED, TEST, Endpoint, Reason, State
from jobs.core.errors import Conflict, NotFound
from jobs.core.events import Event
from jobs.core.page import Found, Page

#: of one owner: each event is compared with all of them, in the transaction that makes it
MOST = 50
_WELL: dict[str, Any] = {"failing_since": None, "failures": 0}
_FIELDS = [field.name for field in fields(Endpoint)]


@dataclass(frozen=True)
class Trouble:
    """How an endpoint has fared since the last attempt that it took."""

    failing_s: float
    failures: int


def from_row(row: RowMapping) -> Endpoint:
    """The endpoint that a row keeps."""
    changed = {
        "events": tuple(row["events"]),
        "state": State(row["state"]),
        "reason": Reason(row["reason"]) if row["reason"] else None,
    }
    return Endpoint(**{name: row[name] for name in _FIELDS} | changed)


class Endpoints:
    """All statements about standing endpoints."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def create(self, value: Endpoint, sealed: bytes) -> None:
        """Keep an endpoint and its first secret.

        Raises:
            Conflict: the owner has as many as it may have.
        """
        mine = select(func.count()).where(endpoints.c.owner == value.owner)
        with self._db.write() as connection:
            if connection.execute(mine).scalar_one() >= MOST:
                raise Conflict(f"you have {MOST} endpoints, which is the most: delete one first")
            connection.execute(insert(endpoints).values(**vars(value)))
            secret = {"endpoint": value.id, "number": 1, "sealed": sealed}
            connection.execute(
                insert(endpoint_secrets).values(**secret, created_at=value.created_at)
            )

    def get(self, id: str, owner: str) -> Endpoint:
        """One endpoint; raises NotFound if it is another owner's."""
        with self._db.read() as connection:
            row = connection.execute(_one(id, owner)).mappings().first()
        if row is None:
            raise NotFound("endpoint", id)
        return from_row(row)

    def newest(self, owner: str, page: Page) -> Found[Endpoint]:
        """The newest first."""
        query = select(endpoints).where(endpoints.c.owner == owner)
        return pages.fetch(self._db, query, (endpoints.c.id,), page).map(from_row)

    def change(self, id: str, owner: str, changes: dict[str, Any]) -> Endpoint:
        """Change some fields; what waits for it goes to the new address too."""
        with self._db.write() as connection:
            old = _locked(connection, id, owner)
            if changes.get("url", old.url) != old.url:
                connection.execute(_pending(id).values(url=changes["url"]))
                changes = changes | _WELL
            if changes:
                mine = update(endpoints).where(endpoints.c.id == id)
                connection.execute(mine.values(**changes))
            return _locked(connection, id, owner)

    def delete(self, id: str, owner: str) -> None:
        """Forget an endpoint and its secrets; what waits for it is cancelled."""
        with self._db.write() as connection:
            _locked(connection, id, owner)
            _cancelled(connection, id)
            connection.execute(delete(endpoint_secrets).where(endpoint_secrets.c.endpoint == id))
            connection.execute(delete(endpoints).where(endpoints.c.id == id))

    def enable(self, id: str, owner: str) -> Endpoint:
        """Send to it from now on, as if it had never failed."""
        clean = {"state": State.ENABLED.value, "reason": None, "disabled_at": None}
        with self._db.write() as connection:
            old = _locked(connection, id, owner)
            if old.state is not State.ENABLED:
                mine = update(endpoints).where(endpoints.c.id == id)
                connection.execute(mine.values(**clean, **_WELL))
            return _locked(connection, id, owner)

    def disable(
        self, id: str, owner: str, reason: Reason, at: datetime, *, url: str | None = None
    ) -> Endpoint:
        """Send nothing to it any more: what waits is cancelled, and the owner's others are told.

        One that is disabled already, or has another address than `url` by now, stays as it is.
        """
        with self._db.write() as connection:
            # all of them, in one order: two that end at once tell each other
            mine = select(endpoints.c.id).where(endpoints.c.owner == owner)
            connection.execute(mine.order_by(endpoints.c.id).with_for_update()).all()
            old = _locked(connection, id, owner)
            if old.state is State.DISABLED or url not in (None, old.url):
                return old
            values = {"state": State.DISABLED.value, "reason": reason.value, "disabled_at": at}
            connection.execute(update(endpoints).where(endpoints.c.id == id).values(**values))
            _cancelled(connection, id)
            new = _locked(connection, id, owner)
            event = Event(DISABLED, id, at)
            outbox.emit(connection, event, wire.endpoint(new), owner=owner, url=None, filter=())
            return new

    def test(self, id: str, owner: str, at: datetime) -> tuple[str, str]:
        """Owe it an event that says nothing but that it was asked for; ids of event, delivery.

        One that waits still is cancelled: it would hold this one back.
        """
        with self._db.write() as connection:
            endpoint = _locked(connection, id, owner)
            _cancelled(connection, id, deliveries.c.subject == id)
            kept = outbox.keep(connection, Event(TEST, id, at), wire.endpoint(endpoint), owner)
            place = Place(endpoint.url, id)
            [delivery] = outbox.owe(connection, kept, owner, [place])
        return kept.id, delivery

    def took(self, ids: Collection[str]) -> None:
        """These have taken something: what failed before is forgotten."""
        failing = endpoints.c.failing_since.is_not(None)
        query = select(endpoints.c.id).where(endpoints.c.id.in_(ids), failing)
        with self._db.read() as connection:
            found = list(connection.execute(query).scalars())
        if found:
            well = update(endpoints).where(endpoints.c.id.in_(found))
            with self._db.write() as connection:
                connection.execute(well.values(**_WELL))

    def failed(self, id: str, times: int) -> Trouble:
        """So many attempts more have failed; how bad it is by now."""
        since = func.coalesce(endpoints.c.failing_since, now())
        worse = (
            update(endpoints)
            .where(endpoints.c.id == id, endpoints.c.state == State.ENABLED.value)
            .values(failing_since=since, failures=endpoints.c.failures + times)
            .returning(
                (now() - type_coerce(endpoints.c.failing_since, Float)).label("failing_s"),
                endpoints.c.failures,
            )
        )
        with self._db.write() as connection:
            row = connection.execute(worse).first()
        return Trouble(row.failing_s, row.failures) if row else Trouble(0.0, 0)


def _one(id: str, owner: str) -> Any:
    return select(endpoints).where(endpoints.c.id == id, endpoints.c.owner == owner)


def _locked(connection: Connection, id: str, owner: str) -> Endpoint:
    row = connection.execute(_one(id, owner).with_for_update()).mappings().first()
    if row is None:
        raise NotFound("endpoint", id)
    return from_row(row)


def _pending(id: str) -> Any:
    return update(deliveries).where(waits_for(id))


def _cancelled(connection: Connection, id: str, *which: ColumnElement[bool]) -> None:
    ended = {"state": "cancelled", "lease_until": None}
    connection.execute(_pending(id).where(*which).values(**ended))
