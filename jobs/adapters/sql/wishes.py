"""What was asked for before: by the same key, or by the same request a short while ago."""

from datetime import datetime

from sqlalchemy import RowMapping, Table, select

from jobs.adapters.sql.database import Database
from jobs.core.errors import Conflict
from jobs.core.ids import earliest_id


def by_key(
    database: Database, table: Table, owner: str, key: str, request_hash: str | None
) -> RowMapping | None:
    """The row that this key made before, if it did.

    Raises:
        Conflict: the key was used for another request.
    """
    query = select(table).where(table.c.owner == owner, table.c.idempotency_key == key)
    with database.read() as connection:
        row = connection.execute(query).mappings().first()
    if row is not None and row["request_hash"] != request_hash:
        raise Conflict("this Idempotency-Key was used for another request; choose a new key")
    return row


def newest_alike(
    database: Database,
    table: Table,
    kind: str,
    since: datetime,
    *,
    owner: str,
    request_hash: str,
    token: str | None = None,
) -> RowMapping | None:
    """The newest row since then that this owner, or this token of theirs, made by the request.

    `kind`: what the ids in the table begin with; they go by time.
    """
    query = select(table).where(
        table.c.owner == owner,
        table.c.id >= earliest_id(kind, since),
        table.c.request_hash == request_hash,
    )
    if token is not None:
        query = query.where(table.c.token == token)
    with database.read() as connection:
        return connection.execute(query.order_by(table.c.id.desc()).limit(1)).mappings().first()
