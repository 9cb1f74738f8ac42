"""What has come since: an owner's events, for those whom no webhook can reach."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from jobs.core.errors import BadRequest
from jobs.core.events import TYPES
from jobs.core.page import Found
from jobs.core.wire import iso
from jobs.ports import Store

POLL_S = 0.2
MOST_WAIT_S = 20.0
#: how far back one may begin
MOST_AGO_S = 31 * 86_400
_ID = re.compile(r"\w{0,64}", re.ASCII)


@dataclass(frozen=True)
class News:
    """Some events, and from where to ask on; `more` if there are more already."""

    events: tuple[dict[str, Any], ...]
    cursor: str
    more: bool


class Events:
    """Events in an order in which none is missed; one may come twice if it is asked for twice."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self, ago_s: float = 0.0) -> News:
        """No event, and a cursor to ask on from: now, or so many seconds ago."""
        moment, id = self._store.feed.end()
        return News((), _cursor((moment - ago_s, id)), False)

    def since(
        self, owner: str, cursor: str, patterns: Sequence[str], limit: int, wait_s: float
    ) -> News:
        """The first events after a cursor, as soon as there are any or the time is over.

        Raises:
            BadRequest: the cursor is none of ours, or no type is like a pattern.
        """
        place, types = _place(cursor), matching(patterns)
        until = time.monotonic() + min(wait_s, MOST_WAIT_S)
        while True:
            found: Found[dict[str, Any]] = self._store.feed.after(owner, place, types, limit)
            if found.items or time.monotonic() >= until:
                last = found.items[-1]["place"] if found.items else place
                return News(found.map(_shape).items, _cursor(last), found.later)
            time.sleep(POLL_S)


def matching(patterns: Sequence[str]) -> frozenset[str]:
    """The event types that are like one of the patterns, such as `batch.*`; all, if none is given.

    Raises:
        BadRequest: no type is like one of them.
    """
    found: set[str] = set()
    for pattern in patterns:
        like = {type for type in TYPES if fnmatchcase(type, pattern)}
        if not like:
            known = ", ".join(sorted(TYPES))
            raise BadRequest(f"no event type is like this; they are: {known}", field="types")
        found |= like
    return frozenset(found) if patterns else TYPES


def _shape(row: dict[str, Any]) -> dict[str, Any]:
    """The body as the text that webhooks carry and sign, byte for byte."""
    told = {name: row[name] for name in ("id", "type", "subject", "sequence")}
    cursor = _cursor(row["place"])
    at = iso(row["created_at"])
    return told | {"created_at": at, "cursor": cursor, "body": row["body"].decode()}


def _cursor(place: tuple[float, str]) -> str:
    return f"{place[0]!r}_{place[1]}"


def _place(cursor: str) -> tuple[float, str]:
    moment, _, id = cursor.partition("_")
    try:
        seconds = float(moment)
    except ValueError:
        seconds = -1.0
    if not (0 <= seconds < 1e11 and _ID.fullmatch(id)):
        raise BadRequest("this is no cursor; leave it out to begin with now", field="after")
    return seconds, id
