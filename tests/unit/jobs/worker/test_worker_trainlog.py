"""What a training prints: saved often, told of ever more rarely."""

from typing import Any

import pytest

from jobs.worker import trainlog
from jobs.worker.trainlog import TrainLog
from tests.ports.stores import a_prediction, clock


class Rows:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.predictions = self
        self.saved: list[str] = []
        self.told: list[str] = []

    def save(self, value: Any, *, logs: str) -> None:
        self.saved.append(logs)

    def tell(self, value: Any, type: str, at: Any, *, logs: str) -> None:
        assert type == "training.logs"
        self.told.append(logs)


def test_a_day_of_printing_is_some_hundred_events(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, now = Rows(), 1000.0
    monkeypatch.setattr(trainlog.time, "monotonic", lambda: now)
    log: Any = TrainLog(rows, a_prediction(), clock)  # type: ignore[arg-type]
    for second in range(0, 86_400, 10):
        now = 1000.0 + second
        log.tell(f"second {second}")
        log.tell(f"second {second}, at once")

    assert len(rows.saved) + len(rows.told) == 8_640
    assert rows.told[:3] == ["second 0", "second 10", "second 20"]
    assert 100 < len(rows.told) < 300
    assert log.text == "second 86390, at once"
