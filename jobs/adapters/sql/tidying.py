"""When to look for what lost attempts left in the object store: a while after the end, once."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, select, update

from jobs.adapters.sql.database import now
from jobs.core.outputs import LEFTOVERS_KEPT_S


def later() -> ColumnElement[float]:
    """The value of `tidy_at` for something that ends now."""
    return now() + LEFTOVERS_KEPT_S


def claim(connection: Connection, table: Table, again_s: float) -> RowMapping | None:
    """A row whose time has come; it comes again after `again_s` unless `done` is called."""
    query = (
        select(table.c.id)
        .where(table.c.tidy_at.is_not(None), table.c.tidy_at < now())
        .order_by(table.c.tidy_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    id = connection.execute(query).scalar()
    if id is None:
        return None
    held: Any = update(table).where(table.c.id == id).values(tidy_at=now() + again_s)
    return connection.execute(held.returning(table)).mappings().one()


def done(connection: Connection, table: Table, id: str) -> None:
    """It is not looked at again."""
    connection.execute(update(table).where(table.c.id == id).values(tidy_at=None))
