"""What a model prints: told as it comes, and each word once."""

import os
import threading
from collections.abc import Iterator

import pytest

from jobs.adapters.hostlogs import HostLogs


@pytest.fixture
def printer() -> Iterator[tuple[HostLogs, int]]:
    """Logs that are followed, and where a model would print."""
    logs = HostLogs()
    out = os.dup(logs.write_end)
    logs.follow()
    yield logs, out
    os.close(out)


def test_what_is_told_is_told_before_the_whole_is_taken(printer: tuple[HostLogs, int]) -> None:
    logs, out = printer
    entered, go = threading.Event(), threading.Event()
    happened: list[str] = []

    def listener(text: str) -> None:
        entered.set()
        go.wait(10)
        happened.append(f"told {text}")

    logs.listener = listener
    os.write(out, b"working\n")
    assert entered.wait(10)
    taker = threading.Thread(target=lambda: happened.append(f"taken {logs.taken()}"))
    taker.start()
    taker.join(0.2)
    assert happened == []
    go.set()
    taker.join(10)
    assert happened == ["told working\n", "taken working\n"]
