"""A standing endpoint: an address of its owner's that is told of every event that fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from jobs.core import events
from jobs.core.errors import BadRequest
from jobs.core.request import check_names, webhook, webhook_format
from webhooks.addresses import Network
from webhooks.errors import ConfigurationError
from webhooks.routes import check_pattern, matches

#: told to the others of an owner; and sent to one when its owner asks for it, whatever it wants
DISABLED, TEST = "endpoint.disabled", "webhook.test"
TYPES = events.TYPES | {DISABLED}
EVERYTHING = ("*",)
MAX_PATTERNS, MAX_DESCRIPTION = 20, 500
MOST_PER_S, MOST_AT_ONCE = 10_000.0, 1_000
DAY_S = 86_400.0
#: how long an old secret signs beside a new one: unless said otherwise, and at most
OVERLAP_S, MAX_OVERLAP_S = DAY_S, 30 * DAY_S
KNOWN = frozenset({"url", "events", "description", "rate_per_s", "concurrency", "format"})


class State(StrEnum):
    """An endpoint's states."""

    ENABLED = "enabled"
    DISABLED = "disabled"


MOVES: dict[State, frozenset[State]] = {
    State.ENABLED: frozenset({State.DISABLED}),
    State.DISABLED: frozenset({State.ENABLED}),
}


class Reason(StrEnum):
    """Why an endpoint is disabled."""

    OWNER = "owner"
    #: it answered 410
    GONE = "gone"
    #: for long nothing that was sent to it was taken
    FAILING = "failing"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where events go, which, and how many at a time; None is no limit of its own.

    `failing_since` is when its first attempt failed after the last one that did not.
    """

    id: str
    owner: str
    url: str
    created_at: datetime
    events: tuple[str, ...] = EVERYTHING
    description: str = ""
    state: State = State.ENABLED
    reason: Reason | None = None
    disabled_at: datetime | None = None
    rate_per_s: float | None = None
    concurrency: int | None = None
    #: in whose words it is told; None: ours
    format: str | None = None
    failing_since: datetime | None = None

    def wants(self, type: str) -> bool:
        """Whether its filter lets an event through."""
        return any(matches(type, pattern) for pattern in self.events)


def asked(body: dict[str, Any], allow: Sequence[Network]) -> dict[str, Any]:
    """The fields that a request gives, checked; null is what holds if a field is left out.

    Raises:
        BadRequest: one of them cannot be.
    """
    check_names(body, KNOWN)
    checks = {"events": _events, "description": _description, "rate_per_s": _rate_per_s}
    checks["concurrency"] = _concurrency
    fields = {name: check(body[name]) for name, check in checks.items() if name in body}
    if "url" in body:
        fields["url"] = _url(body, allow)
    if "format" in body:
        fields["format"] = webhook_format(body, "format")
    return fields


def overlap_s(body: dict[str, Any]) -> float:
    """For how many seconds the secrets from before go on signing."""
    check_names(body, frozenset({"overlap_s"}))
    given = body.get("overlap_s", OVERLAP_S)
    if not _is_number(given) or not 0 <= given <= MAX_OVERLAP_S:
        raise BadRequest(f"must be seconds from 0 to {MAX_OVERLAP_S:.0f}", field="overlap_s")
    return float(given)


def _url(body: dict[str, Any], allow: Sequence[Network]) -> str:
    url = webhook(body, allow, "url")
    if url is None:
        raise BadRequest("is the address to send to, such as https://example.com/hook", field="url")
    return url


def _events(given: object) -> tuple[str, ...]:
    if given is None:
        return EVERYTHING
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_PATTERNS:
        raise BadRequest(
            f'must be a list of 1 to {MAX_PATTERNS} event types, such as ["batch.*"]',
            field="events",
        )
    for number, pattern in enumerate(given):
        _check_pattern(pattern, f"events[{number}]")
    return tuple(given)


def _check_pattern(pattern: object, field: str) -> None:
    try:
        check_pattern(pattern)
    except ConfigurationError as error:
        raise BadRequest(str(error), field=field) from error
    if not any(matches(type, str(pattern)) for type in TYPES):
        raise BadRequest(f"fits no event; there are: {', '.join(sorted(TYPES))}", field=field)


def _description(given: object) -> str:
    text = "" if given is None else given
    if not isinstance(text, str) or len(text) > MAX_DESCRIPTION or not text.isprintable():
        raise BadRequest(
            f"must be at most {MAX_DESCRIPTION} printable characters", field="description"
        )
    return text


def _rate_per_s(given: Any) -> float | None:
    if given is None:
        return None
    if not _is_number(given) or not 0 < given <= MOST_PER_S:
        raise BadRequest(
            f"must be attempts a second, more than 0 and at most {MOST_PER_S:.0f}, or null",
            field="rate_per_s",
        )
    return float(given)


def _concurrency(given: Any) -> int | None:
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= MOST_AT_ONCE:
        raise BadRequest(
            f"must be attempts under way at once, 1 to {MOST_AT_ONCE}, or null",
            field="concurrency",
        )
    return given


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)
