"""Lanes: as many as allowed, none while idle, and no poke is lost."""

import logging
import queue
import threading
from collections.abc import Callable

import pytest

from jobs.worker.drain import Drain
from jobs.worker.lanes import Lanes

LANES = 2


class Work:
    """Things to do, each of which waits until it is let go."""

    def __init__(self, drain: Drain | None = None) -> None:
        self.todo: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.begun: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.gate = threading.Event()
        self.lanes = Lanes("test", LANES, self.next, drain or Drain())

    def next(self, began: Callable[[], None]) -> bool:
        try:
            name = self.todo.get_nowait()
        except queue.Empty:
            return False
        self.begun.put(name)
        began()
        assert self.gate.wait(30)
        if name == "bad":
            raise ValueError("this work fails")
        return True

    def put(self, *names: str) -> bool:
        for name in names:
            self.todo.put(name)
        return self.lanes.poke()

    def order(self) -> list[str]:
        return [self.begun.get_nowait() for _ in range(self.begun.qsize())]


def test_all_is_done_and_then_there_are_no_threads() -> None:
    work = Work()
    work.gate.set()
    assert work.put("a", "b", "c", "d", "e")
    while work.lanes.rest():
        pass
    assert sorted(work.order()) == ["a", "b", "c", "d", "e"]
    assert not work.lanes.rest()


def test_no_more_at_a_time_than_there_are_lanes() -> None:
    work = Work()
    work.put("a", "b", "c")
    assert sorted(work.begun.get(timeout=30) for _ in range(LANES)) == ["a", "b"]
    assert not work.lanes.poke(), "both are busy"
    assert work.begun.empty()
    work.gate.set()
    assert work.begun.get(timeout=30) == "c"
    while work.lanes.rest():
        pass


def test_a_poke_when_one_finds_nothing_is_not_lost() -> None:
    """Each thing is put just when a lane may be ending."""
    work = Work()
    work.gate.set()
    for number in range(2000):
        work.put(str(number))
    while work.lanes.rest():
        pass
    assert len(work.order()) == 2000


def test_what_fails_again_and_again_is_not_found_again_before_the_next_poke() -> None:
    """As shards that lost a worker are, one at a time, while the object store is away."""
    turn, tries = threading.Lock(), []

    def run_next(began: Callable[[], None]) -> bool:
        with turn:  # whoever was opened meanwhile looks once this has failed
            if len(tries) == 100:
                return False
            tries.append(1)
            began()
            raise OSError

    lanes = Lanes("test", LANES, run_next, Drain())
    for pokes in (1, 2):
        lanes.poke()
        while lanes.rest():
            pass
        assert pokes <= len(tries) <= pokes * LANES


def test_work_that_fails_ends_its_lane_and_not_the_next_poke(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work = Work()
    work.gate.set()
    with caplog.at_level(logging.CRITICAL):
        work.put("bad", "bad")
        while work.lanes.rest():
            pass
        work.put("good")
        while work.lanes.rest():
            pass
    assert work.order() == ["bad", "bad", "good"]


def test_nothing_is_begun_once_the_process_is_to_end() -> None:
    drain = Drain()
    work = Work(drain)
    work.put("a", "b", "c")
    for _ in range(LANES):
        work.begun.get(timeout=30)
    drain.ending.set()
    work.gate.set()
    while work.lanes.rest():
        pass
    work.put("d")
    assert not work.lanes.rest()
    assert work.begun.empty()
