"""What a training prints: saved often, told of ever more rarely."""

from typing import Any

import pytest

from jobs.worker import trainlog
from jobs.worker.trainlog import TrainLog
from tests.ports.stores import a_prediction, clock
from tests.servers.penstock import until


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
    monkeypatch.setattr(trainlog.Later, "soon", lambda *_: None)  # a second later more is printed
    log: Any = TrainLog(rows, a_prediction(), clock)  # type: ignore[arg-type]
    for second in range(0, 86_400, 10):
        now = 1000.0 + second
        log.tell(f"second {second}")
        log.tell(f"second {second}, at once")

    assert len(rows.saved) + len(rows.told) == 8_640
    assert rows.told[:3] == ["second 0", "second 10", "second 20"]
    assert 100 < len(rows.told) < 300
    assert log.text == "second 86390, at once"


def test_what_was_held_back_is_saved_though_nothing_more_is_printed() -> None:
    rows = Rows()
    log: Any = TrainLog(rows, a_prediction(), clock)  # type: ignore[arg-type]
    for text in ("one", "one two", "one two three"):
        log.tell(text)
    assert rows.saved + rows.told == ["one"]
    until(lambda: "one two three" in rows.saved + rows.told)
    assert len(rows.saved + rows.told) == 2
    log.tell("one two three four")
    log.close()
    assert len(rows.saved + rows.told) == 2
