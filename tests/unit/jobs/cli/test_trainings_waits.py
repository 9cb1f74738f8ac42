"""How `penstock train` waits for the end of a training."""

import pytest

from jobs.cli import trainings


def test_a_training_that_is_short_is_asked_for_soon_and_a_long_one_twice_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = {"id": "train_1", "status": "processing", "logs": ""}
    answers = iter([told] * 20 + [told | {"status": "succeeded"}])
    monkeypatch.setattr(trainings.http, "outlast", lambda path: next(answers))
    naps: list[float] = []
    monkeypatch.setattr(trainings.time, "sleep", naps.append)

    ended = trainings._ended(told, quiet=True)

    assert ended["status"] == "succeeded"
    assert naps[0] < 0.05
    assert naps == sorted(naps)
    assert set(naps[10:]) == {0.5}
