"""Frames that are carried while the model goes on, over a real pipe that nobody reads yet."""

import os
import threading
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from jobs.host import frames
from jobs.host.courier import Courier

LARGE = b"x" * (4 * frames.LARGE_BYTES)


@pytest.fixture
def pipe() -> Iterator[tuple[int, BinaryIO]]:
    """(the reader's end, the writer's)."""
    reads, writes = os.pipe()
    with os.fdopen(writes, "wb") as answers:
        yield reads, answers
    os.close(reads)


def read(end: int) -> bytes:
    """The next frame."""
    size = frames.LENGTH.unpack(exactly(end, frames.LENGTH.size))[0]
    return exactly(end, size)


def exactly(end: int, size: int) -> bytes:
    parts = []
    while size:
        parts.append(os.read(end, size))
        size -= len(parts[-1])
    return b"".join(parts)


def names() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


def test_small_frames_are_sent_at_once_and_by_nobody_else(pipe: tuple[int, BinaryIO]) -> None:
    end, answers = pipe
    courier = Courier(answers)
    for number in range(3):
        courier.hand(lambda number=number: [b"%d" % number, b"!"])  # type: ignore[misc]
        assert read(end) == b"%d!" % number
    assert "courier" not in names()


def test_large_ones_are_carried_while_nobody_reads_and_in_order(pipe: tuple[int, BinaryIO]) -> None:
    end, answers = pipe
    courier, got = Courier(answers), list[bytes]()
    reading = threading.Thread(target=lambda: got.append(read(end)))
    reading.start()
    courier.hand(lambda: [LARGE])
    reading.join()

    made = threading.Event()
    courier.hand(lambda: [b"2", LARGE])  # this one would wait for ever

    def last() -> list[bytes]:
        made.set()
        return [b"last"]

    handing = threading.Thread(target=courier.hand, args=(last,))
    handing.start()
    handing.join(0.3)
    assert handing.is_alive(), "it takes what it cannot hold"
    assert not made.is_set()
    got.append(read(end))
    handing.join(30)
    got.append(read(end))
    courier.settle()
    assert got == [LARGE, b"2" + LARGE, b"last"]


def test_whoever_writes_next_waits_until_all_is_sent(pipe: tuple[int, BinaryIO]) -> None:
    end, answers = pipe
    courier = Courier(answers)
    threading.Thread(target=read, args=(end,)).start()
    courier.hand(lambda: [LARGE])
    courier.hand(lambda: [LARGE])
    settling = threading.Thread(target=courier.settle)
    settling.start()
    settling.join(0.3)
    assert settling.is_alive()
    read(end)
    settling.join(30)
    assert not settling.is_alive()
