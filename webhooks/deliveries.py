"""A delivery's states, and what follows from the outcome of an attempt."""

import email.utils
from datetime import UTC
from enum import StrEnum
from typing import NamedTuple

#: Seconds after each failed attempt: 11 attempts over 75 h 36 min, jitter not counted.
SCHEDULE = (5, 30, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
#: The most that is added to a wait, as a part of it, so that retries do not come in step.
JITTER = 0.2
#: A receiver may ask for more patience, but not for ever.
RETRY_AFTER_CAP_S = 6 * 3600.0
GONE = 410


class State(StrEnum):
    """A delivery's states."""

    PENDING = "pending"
    DELIVERED = "delivered"
    EXHAUSTED = "exhausted"
    CANCELLED = "cancelled"
    #: a later event tells all that it would have told; only news of what runs gives way so
    SUPERSEDED = "superseded"


MOVES: dict[State, frozenset[State]] = {
    State.PENDING: frozenset({State.DELIVERED, State.EXHAUSTED, State.CANCELLED, State.SUPERSEDED}),
    # by hand alone: a replay
    **dict.fromkeys(
        (State.DELIVERED, State.EXHAUSTED, State.CANCELLED, State.SUPERSEDED),
        frozenset({State.PENDING}),
    ),
}


class Outcome(NamedTuple):
    """What one attempt gave; `status` is None where there was no answer."""

    status: int | None
    error: str | None
    duration_s: float
    retry_after_s: float | None = None
    body_start: bytes = b""

    @property
    def delivered(self) -> bool:
        """2xx and nothing else."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def word(self) -> str:
        """What came of it, in one of a few words: for whoever counts."""
        if self.delivered:
            return "delivered"
        if self.status is None:
            return "unanswered"
        return f"status_{self.status // 100}xx" if 100 <= self.status < 600 else "status_other"


class Step(NamedTuple):
    """What comes next: a state and, if it stays pending, seconds to wait."""

    state: State
    after_s: float | None = None


def next_step(attempts: int, outcome: Outcome, random: float) -> Step:
    """What follows attempt number `attempts` (from 1); `random` in [0, 1) spreads retries."""
    if outcome.delivered:
        return Step(State.DELIVERED)
    if outcome.status == GONE:
        return Step(State.CANCELLED)
    if attempts > len(SCHEDULE):
        return Step(State.EXHAUSTED)
    after = SCHEDULE[attempts - 1] * (1 + JITTER * random)
    if outcome.retry_after_s is not None:
        after = max(after, min(outcome.retry_after_s, RETRY_AFTER_CAP_S))
    return Step(State.PENDING, after)


def retry_after_s(text: str | None, now: float) -> float | None:
    """`Retry-After` in seconds from now: a number or a date; None if there is none to use."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        date = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if date.tzinfo is None:  # a date without a zone is in GMT, wherever this machine is
        date = date.replace(tzinfo=UTC)
    return max(0.0, date.timestamp() - now)
