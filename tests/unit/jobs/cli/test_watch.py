"""How fast a batch goes, in the words of the command line."""

import re
from typing import Any

import pytest

from jobs.cli import http, out, watch
from jobs.cli.watch import Rate, pace


def told(total: int, done: int) -> dict[str, Any]:
    counts = {"total": total, "completed": done, "pending": total - done, "running": 0}
    return {"request_counts": counts}


def test_a_log_has_a_line_for_each_state_and_some_between(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 100.0
    monkeypatch.setattr(watch.time, "monotonic", lambda: now_s)
    begun = {"status": "in_progress", "paused": False}
    with watch._lines("batch_1") as show:
        show({**told(0, 0), "status": "validating", "paused": False}, "")
        for done in range(0, 5000, 100):
            show(told(5000, done) | begun, "100 rows/s")
            now_s += 1
        show(told(5000, 4900) | begun | {"paused": True}, "")
        show(told(5000, 5000) | {"status": "completed", "paused": False}, "")

    assert capsys.readouterr().err.splitlines() == [
        "batch_1 validating",
        "batch_1 in_progress, 0 of 5,000, 100 rows/s",
        "batch_1 in_progress, 3,000 of 5,000, 100 rows/s",
        "batch_1 paused, 4,900 of 5,000",
    ]


def test_what_is_left_of_a_batch_that_is_being_ended_is_not_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    states = [("in_progress", 10), ("in_progress", 20), ("cancelling", 30), ("cancelled", 30)]
    answers = iter(told(100, done) | {"status": state, "paused": False} for state, done in states)
    monkeypatch.setattr(watch.http, "outlast", lambda path: next(answers))
    monkeypatch.setattr(watch, "POLL_S", 0.01)
    monkeypatch.setattr(watch, "LINE_S", 0.0)

    watch._to_its_end("batch_1")

    lines = capsys.readouterr().err.splitlines()
    assert "left" in lines[1]
    assert lines[2] == "batch_1 cancelling, 30 of 100"


def test_a_server_that_is_away_is_waited_for_and_that_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PENSTOCK_TOKEN", "pst_x")
    monkeypatch.setattr(http, "OUTAGE_S", 0.5)
    monkeypatch.setattr(http, "OUTAGE_POLL_S", 0.1)

    with pytest.raises(http.Unreachable):
        http.outlast("/v1/batches/batch_1")

    (line,) = capsys.readouterr().err.splitlines()
    clock = r"\d\d:\d\d:\d\d"
    assert re.match(
        rf"no answer since {clock}, tried again until {clock}: cannot reach http://127.0.0.1:9",
        line,
    )


def test_there_is_no_rate_before_something_ended() -> None:
    rate = Rate()
    rate.add(0.0, 500)
    rate.add(1.0, 500)

    assert rate.per_s is None


def test_what_was_done_before_we_looked_does_not_count() -> None:
    rate = Rate()
    for second in range(11):
        rate.add(1000.0 + second, 90_000 + second * 20)

    assert rate.per_s == pytest.approx(20.0)
    assert pace(told(92_000, 90_200), rate) == "20.0 rows/s, 2 min left"


def test_the_rate_is_of_the_last_minute() -> None:
    rate = Rate()
    for second in range(0, 600):
        rate.add(float(second), second * 100)
    for second in range(600, 700):
        rate.add(float(second), 60_000 + (second - 600))

    assert rate.per_s == pytest.approx(1.0)


def test_rows_that_take_minutes_have_a_rate_all_the_same() -> None:
    rate = Rate()
    rate.add(0.0, 7)
    for fifth in range(1, 3000):
        rate.add(fifth / 5, 7 + fifth // 900)

    assert rate.per_s == pytest.approx(1 / 180, rel=0.2)
    assert pace(told(100, 10), rate) == "3 min/row, 5 h 00 min left"


def test_rows_that_a_lost_attempt_takes_back_are_no_rate() -> None:
    rate = Rate()
    rate.add(0.0, 500)
    rate.add(1.0, 400)

    assert rate.per_s is None
    assert pace(told(1000, 400), rate) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.004, "4.0 ms"), (3.21, "3.2 s"), (42.0, "42 s"), (61.0, "1 min"), (3700.0, "1 h 02 min")],
)
def test_times_as_people_say_them(seconds: float, text: str) -> None:
    assert out.duration(seconds) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2_500_000_000, "2.5 GB"),
     (5_000_000_000_000_000, "5000.0 TB")],
)  # fmt: skip
def test_sizes_as_people_say_them(size: int, text: str) -> None:
    assert out.size(size) == text
