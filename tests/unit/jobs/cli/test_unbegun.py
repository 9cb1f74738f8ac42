"""`penstock predict` where no worker begins: whoever waits is told what that may mean, once."""

import time

import pytest

from jobs.cli import http, predictions

STARTING = {"id": "pred_1", "status": "starting", "logs": ""}


@pytest.mark.parametrize(
    ("status", "told"), [("starting", f"{predictions.UNBEGUN}\n"), ("processing", "")]
)
def test_what_does_not_begin_is_told_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: str, told: str
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "monotonic", lambda: sum(slept))

    def answer(path: str) -> dict[str, str]:
        return {**STARTING, "status": status if sum(slept) < 20 else "succeeded"}

    monkeypatch.setattr(http, "outlast", answer)

    ended, is_shown = predictions._ended(STARTING, as_it_comes=False)

    assert (ended["status"], is_shown) == ("succeeded", False)
    assert capsys.readouterr() == ("", told)
