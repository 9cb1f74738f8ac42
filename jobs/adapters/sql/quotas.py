"""What a token has under way, counted in the transaction that adds to it.

The token's row is locked meanwhile: of two processes that count at the same moment, the second one
sees what the first one let in.
"""

from sqlalchemy import Connection, case, func, select

from jobs.adapters.sql.tables import batches, predictions, tokens
from jobs.adapters.sql.turns import OPEN
from jobs.core.batch import FINISHED, State
from jobs.core.errors import BadRequest, TooMany
from jobs.core.limits import Limits

#: when to ask again: soon enough to go on, rarely enough to be cheap
BATCH_AGAIN_S, PREDICTION_AGAIN_S = 10.0, 1.0
_UNDER_WAY = [state for state in State if state not in FINISHED]


def admit_batch(connection: Connection, token: str, limits: Limits, rows: int) -> None:
    """Raise TooMany if one more batch of about so many rows is too much now.

    Raises:
        BadRequest: it alone has more rows than the token may have at a time.
    """
    if limits.batches is None and limits.rows is None:
        return
    if limits.rows is not None and rows > limits.rows:
        raise BadRequest(
            f"the manifest has about {rows:,} rows, and this token may have {limits.rows:,} at a"
            " time: split it, or have the token's limit raised",
            code="too_many_rows",
        )
    _lock(connection, token)
    has, pending = _batches_of(connection, token)
    if limits.batches is not None and has >= limits.batches:
        raise _too_many(f"{has:,} batches", f"{limits.batches:,}", BATCH_AGAIN_S)
    if limits.rows is not None and pending + rows > limits.rows:
        raise _too_many(f"about {pending:,} rows", f"{limits.rows:,}", BATCH_AGAIN_S)


def admit_prediction(connection: Connection, token: str, limits: Limits) -> None:
    """Raise TooMany if one more prediction is too much now."""
    if limits.predictions is None:
        return
    _lock(connection, token)
    query = select(func.count()).where(predictions.c.token == token, predictions.c.state.in_(OPEN))
    has = connection.execute(query).scalar_one()
    if has >= limits.predictions:
        raise _too_many(f"{has:,} predictions", f"{limits.predictions:,}", PREDICTION_AGAIN_S)


def _batches_of(connection: Connection, token: str) -> tuple[int, int]:
    """How many have not ended, and how many rows of them."""
    ended = batches.c.completed + batches.c.failed + batches.c.cancelled + batches.c.expired
    pending = case((batches.c.rows > 0, batches.c.rows - ended), else_=batches.c.expected_rows)
    query = select(func.count(), func.coalesce(func.sum(pending), 0)).where(
        batches.c.token == token, batches.c.state.in_(_UNDER_WAY)
    )
    has, rows = connection.execute(query).one()
    return int(has), int(rows)


def _lock(connection: Connection, token: str) -> None:
    connection.execute(select(tokens.c.hash).where(tokens.c.hash == token).with_for_update())


def _too_many(has: str, limit: str, again_s: float) -> TooMany:
    return TooMany(
        f"this token has {has} under way and may have {limit}: wait for some to end,"
        " or have the limit raised (`penstock token limit`)",
        again_s,
    )
