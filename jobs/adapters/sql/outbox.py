"""Events and their deliveries, written in the transaction of the move that made them."""

import json
import secrets
from typing import Any

from sqlalchemy import Connection, func, insert, select

from jobs.adapters.sql.database import now
from jobs.adapters.sql.tables import deliveries, events
from jobs.core import context
from jobs.core.events import Event, wanted


def emit(
    connection: Connection,
    event: Event,
    data: dict[str, Any],
    *,
    owner: str,
    url: str | None,
    filter: tuple[str, ...],
    traceparent: str | None = None,
) -> None:
    """Number the event within its subject and owe a delivery to whoever wants it.

    `traceparent` is what the subject began with: the trace where no span is under way here.
    The body is made once, here: every attempt sends and signs the same bytes.
    """
    # the subject's own row is locked by the move, so that numbers have no gap and no repeat
    last = select(func.coalesce(func.max(events.c.sequence), 0)).where(
        events.c.subject == event.subject
    )
    sequence = connection.execute(last).scalar_one() + 1
    at = event.at.isoformat().replace("+00:00", "Z")
    body = {"type": event.type, "timestamp": at, "sequence": sequence, "data": data}
    id = f"evt_{secrets.token_hex(16)}"
    connection.execute(
        insert(events).values(
            id=id,
            subject=event.subject,
            sequence=sequence,
            type=event.type,
            body=json.dumps(body).encode(),  # ASCII: half a surrogate pair has no UTF-8
            created_at=event.at,
        )
    )
    if url and wanted(event.type, filter):
        connection.execute(
            insert(deliveries).values(
                id=f"dlv_{secrets.token_hex(16)}",
                event=id,
                owner=owner,
                subject=event.subject,
                sequence=sequence,
                url=url,
                state="pending",
                attempts=0,
                next_at=now(),
                # not `event.at`: by this it is judged for how long it may hold back what follows,
                # and the clock of whoever moved the subject may be wrong
                created_at=now(),
                lease_token=0,
                traceparent=context.traceparent() or traceparent,
            )
        )
