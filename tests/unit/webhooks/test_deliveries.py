"""What follows from an attempt: the schedule, its end, and `Retry-After`."""

import os
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest

from webhooks.deliveries import (
    JITTER,
    MOVES,
    RETRY_AFTER_CAP_S,
    SCHEDULE,
    Outcome,
    State,
    Step,
    next_step,
    retry_after_s,
)

WORDS = {
    204: "delivered",
    301: "status_3xx",
    410: "status_4xx",
    503: "status_5xx",
    999: "status_other",
    None: "unanswered",
}


@pytest.mark.parametrize("status", WORDS)
def test_an_outcome_is_told_in_one_of_a_few_words(status: int | None) -> None:
    assert Outcome(status, None, 0.0).word == WORDS[status]


THREE_DAYS_S = 3 * 86_400
NEARLY_ONE = 1 - 2**-53


def answered(status: int | None, retry_after_s: float | None = None) -> Outcome:
    return Outcome(status, None if status else "no answer in time", 0.1, retry_after_s)


def test_the_schedule_tries_ten_times_and_more_over_three_days() -> None:
    assert len(SCHEDULE) + 1 >= 10
    assert sum(SCHEDULE) >= THREE_DAYS_S
    assert list(SCHEDULE) == sorted(SCHEDULE)


@pytest.mark.parametrize("random", [0.0, 0.5, NEARLY_ONE])
def test_each_failure_waits_as_long_as_the_schedule_says(random: float) -> None:
    for attempts, wait_s in enumerate(SCHEDULE, 1):
        step = next_step(attempts, answered(500), random)
        assert step.state is State.PENDING
        assert step.after_s == pytest.approx(wait_s * (1 + JITTER * random))


def test_after_the_last_attempt_it_is_a_dead_letter() -> None:
    assert next_step(len(SCHEDULE), answered(500), 0).state is State.PENDING
    assert next_step(len(SCHEDULE) + 1, answered(500), 0) == Step(State.EXHAUSTED)
    assert next_step(len(SCHEDULE) + 9, answered(None), 0) == Step(State.EXHAUSTED)


@pytest.mark.parametrize("status", [200, 204, 299])
def test_2xx_ends_it(status: int) -> None:
    assert next_step(1, answered(status), 0) == Step(State.DELIVERED)
    assert next_step(len(SCHEDULE) + 1, answered(status), 0) == Step(State.DELIVERED)


def test_2xx_ends_it_even_if_the_body_broke_off() -> None:
    outcome = Outcome(200, "after its status the answer broke off", 0.1)
    assert next_step(1, outcome, 0) == Step(State.DELIVERED)


@pytest.mark.parametrize("status", [None, 100, 199, 300, 302, 400, 404, 429, 500, 503])
def test_everything_else_is_tried_again(status: int | None) -> None:
    assert next_step(1, answered(status), 0) == Step(State.PENDING, SCHEDULE[0])


def test_410_ends_it() -> None:
    assert next_step(1, answered(410), 0) == Step(State.CANCELLED)


def test_retry_after_can_only_lengthen_the_wait() -> None:
    assert next_step(1, answered(503, 120.0), 0).after_s == 120.0
    assert next_step(1, answered(503, 1.0), 0).after_s == SCHEDULE[0]
    assert next_step(1, answered(503, 0.0), 0).after_s == SCHEDULE[0]
    assert next_step(5, answered(429, 60.0), 0).after_s == SCHEDULE[4]


def test_retry_after_is_honoured_to_a_cap() -> None:
    assert next_step(1, answered(503, 1e9), 0).after_s == RETRY_AFTER_CAP_S


def test_every_move_ends_in_a_state_that_is_an_end() -> None:
    over = set(State) - {State.PENDING}
    assert MOVES[State.PENDING] == over
    # what is over begins again when somebody has it sent again, and else never
    assert {state: MOVES[state] for state in over} == {state: {State.PENDING} for state in over}


# --- Retry-After ---------------------------------------------------------------------------------


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Tokyo"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The machine's own time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.parametrize(("text", "seconds"), [("0", 0.0), ("120", 120.0), ("000120", 120.0)])
def test_seconds(text: str, seconds: float) -> None:
    assert retry_after_s(text, 0) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "Wednesday, 21-Oct-15 07:28:00 GMT",
        "Wed Oct 21 07:28:00 2015",
        "Wed, 21 Oct 2015 09:28:00 +0200",
        "Wed, 21 Oct 2015 07:28:00 -0000",
    ],
)
def test_dates_mean_the_same_in_every_zone(zone: str, text: str) -> None:
    assert retry_after_s(text, 1_445_412_480 - 90) == 90


def test_a_date_as_servers_write_it() -> None:
    assert retry_after_s(formatdate(1_700_000_060, usegmt=True), 1_700_000_000) == 60


def test_a_date_in_the_past_is_now() -> None:
    assert retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT", 2e9) == 0


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "soon",
        "-5",
        "+5",
        "1.5",
        "1e3",
        "٣",
        "9" * 400,
        "Wed, 99 Oct 2015 07:28:00 GMT",
        "Wed, 21 Oct 99999 07:28:00 GMT",
        "nan",
        "inf",
        "\x00",
    ],
)
def test_garbage_is_as_if_it_were_not_there(text: str | None) -> None:
    assert retry_after_s(text, 0) is None
