"""The secrets that sign what goes to an endpoint: the newest, and for a while those before it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from jobs.adapters.sql.database import Database, now
from jobs.adapters.sql.tables import endpoint_secrets, endpoints
from jobs.core.errors import Conflict, NotFound

#: that sign at a time
MOST = 5


@dataclass(frozen=True)
class Sealed:
    """A secret as it is kept; `until` is when it signs no more, in seconds since 1970."""

    number: int
    sealed: bytes
    until: float | None


class EndpointSecrets:
    """All statements about endpoints' secrets."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def signing(self, endpoint: str) -> list[Sealed]:
        """Those that sign now, the newest first; none if there is no such endpoint."""
        with self._db.read() as connection:
            return _signing(connection, endpoint)

    def rotate(
        self, endpoint: str, owner: str, sealed: bytes, overlap_s: float, at: datetime
    ) -> list[Sealed]:
        """Sign with another secret from now on, and for a while with those that signed till now.

        Raises:
            NotFound: there is no such endpoint, or it is another owner's.
            Conflict: too many old ones sign still.
        """
        of = endpoint_secrets.c.endpoint == endpoint
        mine = select(endpoints.c.id).where(endpoints.c.id == endpoint, endpoints.c.owner == owner)
        with self._db.write() as connection:
            if connection.execute(mine.with_for_update()).first() is None:
                raise NotFound("endpoint", endpoint)
            ends = update(endpoint_secrets).where(of, _counts_beyond(overlap_s))
            connection.execute(ends.values(until=now() + overlap_s))
            old = _signing(connection, endpoint)
            if len(old) >= MOST:
                raise Conflict(
                    f"{len(old)} secrets of this endpoint sign still: wait, or rotate with"
                    " overlap_s 0, which ends them now"
                )
            number = max(_numbers(connection, endpoint), default=0) + 1
            over = endpoint_secrets.c.until <= now()
            connection.execute(delete(endpoint_secrets).where(of, over))
            values = {"endpoint": endpoint, "number": number, "sealed": sealed, "created_at": at}
            connection.execute(insert(endpoint_secrets).values(**values))
        return [Sealed(number, sealed, None), *old]


def _counts_beyond(overlap_s: float) -> ColumnElement[bool]:
    """Not ended, and not to end before a time from now."""
    until = endpoint_secrets.c.until
    return or_(until.is_(None), until > now() + overlap_s)


def _signing(connection: Connection, endpoint: str) -> list[Sealed]:
    until = endpoint_secrets.c.until
    query = (
        select(endpoint_secrets.c.number, endpoint_secrets.c.sealed, until)
        .where(endpoint_secrets.c.endpoint == endpoint, or_(until.is_(None), until > now()))
        .order_by(endpoint_secrets.c.number.desc())
    )
    return [Sealed(*row) for row in connection.execute(query)]


def _numbers(connection: Connection, endpoint: str) -> list[int]:
    query = select(endpoint_secrets.c.number).where(endpoint_secrets.c.endpoint == endpoint)
    return list(connection.execute(query).scalars())
