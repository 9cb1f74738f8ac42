"""`penstock predict` where no worker begins: whoever waits is told what that may mean, once."""

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
    monkeypatch.setattr(predictions.time, "sleep", slept.append)
    monkeypatch.setattr(predictions.time, "monotonic", lambda: sum(slept))

    def answer(path: str) -> dict[str, str]:
        return {**STARTING, "status": status if sum(slept) < 20 else "succeeded"}

    monkeypatch.setattr(http, "outlast", answer)

    assert predictions._ended(STARTING)["status"] == "succeeded"
    assert capsys.readouterr() == ("", told)
