"""What came of attempts, written down: a lot in one transaction, each fenced by its own lease."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, text

from jobs.adapters.sql.database import NOW_POSTGRESQL, NOW_SQLITE, Database, storable
from jobs.adapters.sql.tables import deliveries

#: a delivery, the state it is in now, seconds until it is tried again, and the attempt
End = tuple[Any, str, float | None, dict[str, Any]]


class _Row(NamedTuple):
    """An end, as the statements take it."""

    id: str
    token: int
    state: str
    #: attempts since it was owed, or sent again
    made: int
    wait_s: float
    status: int | None
    error: str | None
    duration_s: float
    body_start: bytes | None


def record(database: Database, ended: Sequence[End]) -> set[str]:
    """Log attempts; the ids of those deliveries that nobody else holds by now.

    The statements are the drivers' own: what SQLAlchemy does for each value costs more than the
    database does.
    """
    rows = [_row(*one) for one in ended]
    if not rows:
        return set()
    if database.sqlite:
        return _by_sqlite(database, rows)
    given = dict(zip(_Row._fields, map(list, zip(*rows, strict=True)), strict=True))
    with database.write() as connection:
        return set(connection.execute(_POSTGRESQL, given).scalars())


def _row(due: Any, state: str, retry_in_s: float | None, attempt: dict[str, Any]) -> _Row:
    return _Row(
        due.id,
        due.lease_token,
        state,
        due.attempts + 1,
        retry_in_s or 0.0,  # means nothing once it is over
        attempt.get("status"),
        storable(attempt.get("error")),
        attempt["duration_s"],
        attempt.get("body_start"),
    )


#: one statement, however many there are: each costs a journey to the server. Of a delivery that was
#: sent again the log has more attempts than are counted.
_POSTGRESQL = text(f"""
WITH ended AS (
    SELECT * FROM unnest(
        CAST(:id AS varchar[]), CAST(:token AS bigint[]), CAST(:state AS varchar[]),
        CAST(:made AS int[]), CAST(:wait_s AS float8[]), CAST(:status AS int[]),
        CAST(:error AS varchar[]), CAST(:duration_s AS float8[]), CAST(:body_start AS bytea[])
    ) AS e (id, token, state, made, wait_s, status, error, duration_s, body_start)
), kept AS (
    UPDATE deliveries AS d
    SET state = e.state, attempts = e.made, lease_until = NULL,
        next_at = {NOW_POSTGRESQL} + e.wait_s
    FROM ended AS e
    WHERE d.id = e.id AND d.lease_token = e.token AND d.state = 'pending'
    RETURNING d.id
)
INSERT INTO attempts (delivery, number, at, status, error, duration_s, body_start)
SELECT id, greatest(made, 1 + (SELECT max(number) FROM attempts WHERE delivery = id)),
    {NOW_POSTGRESQL}, status, error, duration_s, body_start
FROM ended JOIN kept USING (id)
RETURNING delivery
""")  # noqa: S608 - a constant, as are those below
_END = f"""
UPDATE deliveries
SET state = ?, attempts = ?, lease_until = NULL, next_at = {NOW_SQLITE} + ?
WHERE id = ? AND lease_token = ? AND state = 'pending'
"""  # noqa: S608
_LOG = f"""
INSERT INTO attempts (delivery, number, at, status, error, duration_s, body_start)
VALUES (?1, max(?2, 1 + coalesce((SELECT max(number) FROM attempts WHERE delivery = ?1), 0)),
    {NOW_SQLITE}, ?3, ?4, ?5, ?6)
"""  # noqa: S608
_HELD = select(deliveries.c.id, deliveries.c.lease_token).where(
    deliveries.c.id.in_(bindparam("ids", expanding=True)), deliveries.c.state == "pending"
)


class _Lost(Exception):
    """Somebody else holds one of them by now."""


def _by_sqlite(database: Database, rows: list[_Row]) -> set[str]:
    try:
        with database.write() as connection:
            _write(connection, rows)
    except _Lost:  # some of them: that is rare, and asked only then
        with database.write() as connection:
            held = connection.execute(_HELD, {"ids": [row.id for row in rows]})
            tokens = {one.id: one.lease_token for one in held}
            rows = [row for row in rows if tokens.get(row.id) == row.token]
            if rows:
                _write(connection, rows)
    return {row.id for row in rows}


def _write(connection: Connection, rows: list[_Row]) -> None:
    """All or none; raises _Lost."""
    ends = [(row.state, row.made, row.wait_s, row.id, row.token) for row in rows]
    if connection.exec_driver_sql(_END, ends).rowcount != len(ends):
        raise _Lost
    log = [(row.id, row.made, *row[5:]) for row in rows]
    connection.exec_driver_sql(_LOG, log)
