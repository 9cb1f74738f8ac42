"""A command that has reached a limit waits, and says so before anybody wonders."""

from collections.abc import Iterator

import pytest

from jobs.cli import http

LIMIT = "this token has 1 batches under way and may have 1"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was slept; time goes on by that alone."""
    slept: list[float] = []
    monkeypatch.setattr(http.time, "sleep", slept.append)
    monkeypatch.setattr(http.time, "monotonic", lambda: sum(slept))
    return slept


def asked(answers: Iterator[Exception | str]) -> str:
    answer = next(answers)
    if isinstance(answer, Exception):
        raise answer
    return answer


def test_a_long_wait_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    answers = iter([http.Throttled(LIMIT, 1.0)] * 5 + ["batch_1"])
    assert http.patiently(lambda: asked(answers)) == "batch_1"
    assert capsys.readouterr() == ("", f"{LIMIT}; tried again for up to 60 s\n")


def test_a_short_wait_is_not_worth_a_word(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter([http.Throttled(LIMIT, 1.0), http.Throttled(LIMIT, 1.0), "batch_1"])
    assert http.patiently(lambda: asked(answers)) == "batch_1"
    assert (clock, capsys.readouterr().err) == ([1.0, 1.0], "")


def test_what_would_take_too_long_is_not_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(http.Throttled):
        http.patiently(lambda: asked(iter([http.Throttled(LIMIT, 61.0)])))
    assert capsys.readouterr().err == ""
