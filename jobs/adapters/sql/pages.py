"""Pages by the place of a thing in its list, so that none is missed or seen twice."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, literal, tuple_

from jobs.adapters.sql.database import Database
from jobs.core.errors import BadRequest
from jobs.core.ids import earliest_id
from jobs.core.page import Found, Page, Which

Columns = tuple[ColumnElement[Any], ...]


def only(query: Select[Any], table: Table, kind: str, which: Which) -> Select[Any]:
    """Those that are asked for, but for their states, which each list has of its own.

    Args:
        kind: of ids. They go by time, so that their index serves.
    """
    if which.model is not None:
        query = query.where(table.c.model == which.model)
    if which.since is not None:
        first = earliest_id(kind, which.since)
        query = query.where(table.c.id >= first, table.c.created_at >= which.since)
    if which.until is not None:
        beyond = earliest_id(kind, which.until + timedelta(milliseconds=1))
        query = query.where(table.c.id < beyond, table.c.created_at < which.until)
    return query


def fetch(
    database: Database, query: Select[Any], by: Columns, page: Page, **how: Any
) -> Found[RowMapping]:
    """As `read`, where nothing else is asked at that moment."""
    with database.read() as connection:
        return read(connection, query, by, page, **how)


def read(
    connection: Connection,
    query: Select[Any],
    by: Columns,
    page: Page,
    *,
    name: ColumnElement[Any] | None = None,
    newest_first: bool = True,
) -> Found[RowMapping]:
    """A page of `query`, sorted by columns that together are unique.

    A cursor names a thing by the `name` column; by the one sorting column if none is given, and
    then it may name a thing that is gone.

    Raises:
        BadRequest: there is no such thing in the list.
    """
    cursor = page.after if page.after is not None else page.before
    backwards = page.after is None and page.before is not None
    down = newest_first is not backwards
    if cursor is not None:
        place = (cursor,) if name is None else _place(connection, query, by, name, cursor)
        query = query.where(_beyond(by, place, down=down))
    order = [column.desc() if down else column.asc() for column in by]
    rows = list(connection.execute(query.order_by(*order).limit(page.limit + 1)).mappings())
    more, rows = len(rows) > page.limit, rows[: page.limit]
    if backwards:
        return Found(tuple(reversed(rows)), earlier=more, later=True)
    return Found(tuple(rows), earlier=cursor is not None, later=more)


def _beyond(by: Columns, place: tuple[Any, ...], *, down: bool) -> ColumnElement[bool]:
    here = tuple_(*by)
    there = tuple_(*(literal(value, column.type) for value, column in zip(place, by, strict=True)))
    return here < there if down else here > there


def _place(
    connection: Connection, query: Select[Any], by: Columns, name: ColumnElement[Any], cursor: str
) -> tuple[Any, ...]:
    row = connection.execute(query.with_only_columns(*by).where(name == cursor)).first()
    if row is None:
        raise BadRequest("this list holds no such thing to go on from", field="after")
    return tuple(row)
