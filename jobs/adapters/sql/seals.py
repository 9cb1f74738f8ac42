"""All that is kept sealed, whoever it belongs to: what a key opens of it, and what has to go."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from jobs.adapters.sql.database import Database
from jobs.adapters.sql.tables import endpoint_secrets, endpoints, secrets
from jobs.core.seals import NOBODY, Lost

Opens = Callable[[bytes], bool]


class Seals:
    """Statements about secrets as such; those about each are where it belongs."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def lost(self, opens: Opens) -> Lost:
        """What cannot be opened."""
        with self._db.read() as connection:
            owners, rows = _lost(connection, opens)
        return _told(owners, rows)

    def renew(self, opens: Opens, fresh: Callable[[], bytes], at: datetime) -> Lost:
        """Keep a fresh secret in the place of each that cannot be opened, all of them or none.

        What signed for an endpoint beside a newer one goes.
        """
        with self._db.write() as connection:
            owners, rows = _lost(connection, opens)
            for owner in owners:
                new = update(secrets).where(secrets.c.owner == owner)
                connection.execute(new.values(sealed=fresh(), created_at=at))
            for row in rows:
                this = (
                    endpoint_secrets.c.endpoint == row.endpoint,
                    endpoint_secrets.c.number == row.number,
                )
                if row.until is None:
                    new = update(endpoint_secrets).where(*this)
                    connection.execute(new.values(sealed=fresh(), created_at=at))
                else:
                    connection.execute(delete(endpoint_secrets).where(*this))
        return _told(owners, rows)


def _lost(connection: Connection, opens: Opens) -> tuple[list[str], list[Any]]:
    """Owners, and rows of endpoints' secrets."""
    of_owners = select(secrets.c.owner, secrets.c.sealed).order_by(secrets.c.owner)
    of_endpoints = (
        select(endpoint_secrets, endpoints.c.owner)
        .join(endpoints, endpoints.c.id == endpoint_secrets.c.endpoint)
        .order_by(endpoint_secrets.c.endpoint, endpoint_secrets.c.number)
    )
    owners = [row.owner for row in connection.execute(of_owners) if not opens(row.sealed)]
    return owners, [row for row in connection.execute(of_endpoints) if not opens(row.sealed)]


def _told(owners: list[str], rows: list[Any]) -> Lost:
    return Lost(
        tuple(owner for owner in owners if owner != NOBODY),
        tuple(dict.fromkeys((row.endpoint, row.owner) for row in rows)),
        NOBODY in owners,
    )
