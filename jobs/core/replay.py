"""Which deliveries are to be sent again: what a request may say, and where a lot ends."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jobs.core.errors import BadRequest
from jobs.core.request import check_names

KNOWN = frozenset({"since", "until", "missing", "subject", "after"})
_PLACE = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)/(dlv_[0-9a-f]{1,60})", re.ASCII)


@dataclass(frozen=True)
class Place:
    """A delivery's place in the order of a range: when it was owed first, and its id."""

    at: float
    id: str

    def __str__(self) -> str:
        return f"{self.at!r}/{self.id}"


@dataclass(frozen=True)
class Range:
    """Deliveries of events from `since` to before `until`, in seconds since 1970.

    `missing` leaves out what was delivered; `after` is where the lot before this one ended.
    """

    since: float = 0.0
    until: float | None = None
    missing: bool = False
    subject: str | None = None
    after: Place | None = None


@dataclass(frozen=True)
class Lot:
    """What was done of a range: how many are sent again, and where it goes on, if it does."""

    replayed: int
    until: float
    after: Place | None


def asked(body: dict[str, Any]) -> Range:
    """The range that a request names.

    Raises:
        BadRequest: it names none, or one that cannot be.
    """
    check_names(body, KNOWN)
    missing, subject = body.get("missing", False), body.get("subject")
    if not isinstance(missing, bool):
        raise BadRequest("missing must be true or false", field="missing")
    if subject is not None and not isinstance(subject, str):
        raise BadRequest("subject is the id of a batch or a prediction", field="subject")
    if not (missing or subject or body.get("since")):
        raise BadRequest(
            "say which: since (and until), a subject, or missing for all that was not delivered",
            field="since",
        )
    since, until = _moment(body, "since"), _moment(body, "until")
    if since is not None and until is not None and since >= until:
        raise BadRequest("until must be later than since", field="until")
    return Range(since or 0.0, until, missing, subject, _place(body.get("after")))


def _moment(body: dict[str, Any], name: str) -> float | None:
    """A time as seconds; one without a zone is in UTC."""
    given = body.get(name)
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError) as error:
        raise BadRequest(f"{name} is a time such as 2030-01-31T12:00:00Z", field=name) from error


def _place(given: Any) -> Place | None:
    if given is None:
        return None
    found = _PLACE.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise BadRequest("after is what the answer before this one said", field="after")
    return Place(float(found[1]), found[2])
