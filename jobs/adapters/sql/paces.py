"""How many attempts at an endpoint may begin now, where it has limits of its own: over all
processes together, since the numbers are the database's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, or_, select, update

from jobs.adapters.sql.database import now
from jobs.adapters.sql.tables import deliveries, endpoints, waits_for
from webhooks.endpoints import EACH

#: what comes at once counts as if it had come within so long
BURST_S = 1.0


class Claimed(Protocol):
    """A delivery, as far as it matters here."""

    @property
    def id(self) -> str:
        """Its own id."""

    @property
    def endpoint(self) -> str:
        """Where it goes, if that is a standing endpoint."""


D = TypeVar("D", bound=Claimed)


def limited() -> ColumnElement[bool]:
    """Endpoints with a limit of their own, said so that their index serves."""
    return or_(endpoints.c.rate_per_s.is_not(None), endpoints.c.concurrency.is_not(None))


#: made once: it is asked many times a second
_LIMITED: Select[Any] = select(endpoints.c.id).where(
    limited(), select(deliveries.c.id).where(waits_for(endpoints.c.id)).exists()
)


@dataclass(frozen=True)
class Pace:
    """`room` says how many may begin, by endpoint; one that is not named has no limit."""

    room: Mapping[str, int]
    #: of those with a rate: per second, and when the last attempt would have begun, evenly
    rates: Mapping[str, tuple[float, float]]

    @property
    def full(self) -> list[str]:
        """Endpoints at which nothing may begin now."""
        return [id for id, room in self.room.items() if room <= 0]


def now_of(connection: Connection) -> Pace:
    """The pace of every endpoint with a limit that something waits for.

    They are locked until the transaction ends; who finds one locked leaves it to the other.
    """
    ids = connection.execute(_LIMITED).scalars().all()
    if not ids:
        return Pace({}, {})
    columns = ("id", "rate_per_s", "concurrency", "rate_at")
    query = select(*(endpoints.c[name] for name in columns), now().label("at"))
    query = query.where(endpoints.c.id.in_(ids)).with_for_update(skip_locked=True)
    rows = {row["id"]: row for row in connection.execute(query).mappings()}
    under_way = _under_way(connection, list(rows))
    room = {id: _room(rows[id], under_way.get(id, 0)) if id in rows else 0 for id in ids}
    rates = {id: (row["rate_per_s"], _last(row)) for id, row in rows.items() if row["rate_per_s"]}
    return Pace(room, rates)


def kept(connection: Connection, pace: Pace, claimed: list[D]) -> list[D]:
    """Those of some deliveries, leased in this transaction, that may begin: they count from now on.

    The others are let go of, as if they had not been claimed.
    """
    begun: Counter[str] = Counter()
    over = []
    for due in claimed:
        begun[due.endpoint] += 1
        if begun[due.endpoint] > pace.room.get(due.endpoint, len(claimed)):
            over.append(due.id)
    if over:
        others = update(deliveries).where(deliveries.c.id.in_(over))
        connection.execute(others.values(lease_until=None))
    for endpoint, (per_s, last) in pace.rates.items():
        if count := min(begun[endpoint], pace.room[endpoint]):
            mine = update(endpoints).where(endpoints.c.id == endpoint)
            connection.execute(mine.values(rate_at=last + count / per_s))
    return [due for due in claimed if due.id not in over]


def _under_way(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    held: ColumnElement[bool] = deliveries.c.lease_until >= now()
    query = select(deliveries.c.endpoint, func.count()).where(
        deliveries.c.endpoint.in_(ids), waits_for(deliveries.c.endpoint), held
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(deliveries.c.endpoint))}


def _room(row: RowMapping, under_way: int) -> int:
    room = EACH  # a server takes no more at once, and what is not begun must not count
    if row["concurrency"] is not None:
        room = min(room, row["concurrency"] - under_way)
    if row["rate_per_s"] is not None:
        ahead_s = row["at"] + BURST_S - _last(row)
        room = min(room, int(ahead_s * row["rate_per_s"]) + 1 if ahead_s >= 0 else 0)
    return room


def _last(row: RowMapping) -> float:
    last: float = max(row["rate_at"] or 0.0, row["at"])
    return last
