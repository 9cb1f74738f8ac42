"""A process that is told to end takes nothing new, and hands back what takes too long."""

import threading

import pytest

from jobs.core.errors import Fenced
from jobs.worker.drain import Drain
from jobs.worker.leases import Lease
from tests.servers.penstock import until


class Work:
    """A lease on something, and how often it was handed back."""

    def __init__(self, drain: Drain) -> None:
        self.back = 0
        self.renewed = 0
        self.lease = Lease(self._renew, self._hand_back, drain, lease_s=0.3)

    def _renew(self) -> str:
        self.renewed += 1
        return "go"

    def _hand_back(self) -> None:
        self.back += 1


def test_what_is_under_way_has_its_time() -> None:
    drain = Drain()
    drain.begin(600)
    assert drain.ending.is_set()
    assert not drain.hurry.is_set()
    drain.begin(0)  # told twice, it is not hurried
    assert not drain.hurry.wait(0.2)


def test_then_it_is_handed_back() -> None:
    drain = Drain()
    drain.begin(0.01)
    assert drain.hurry.wait(20)


def test_a_lease_that_goes_back_ends_the_work_and_is_still_held() -> None:
    drain = Drain()
    work = Work(drain)
    with work.lease as lease:
        until(lambda: work.renewed)
        assert not lease.ended()
        lease.proceed()
        drain.begin(0)
        until(lease.ended)
        lease.check()
        assert not lease.stop.is_set()
        with pytest.raises(Fenced):
            lease.proceed()
        assert work.back == 0
    assert work.back == 1


def test_what_ends_in_time_is_not_handed_back() -> None:
    drain = Drain()
    drain.begin(600)
    work = Work(drain)
    with work.lease:
        pass
    assert work.back == 0


def test_work_that_comes_to_no_boundary_is_handed_back_behind_its_back() -> None:
    drain, abandoned, over = Drain(), threading.Event(), threading.Event()
    work = Work(drain)

    def stubborn() -> None:
        with work.lease:
            over.wait(60)

    thread = threading.Thread(target=stubborn)
    thread.start()
    until(lambda: work.renewed)
    drain.begin(0, abandoned.set, boundary_s=0.1)

    assert abandoned.wait(20)
    assert work.back == 1
    with pytest.raises(Fenced):
        work.lease.check()
    renewed = work.renewed
    over.set()
    thread.join(20)
    assert work.renewed == renewed, "it was renewed after it was handed back"


def test_a_process_whose_work_has_ended_is_not_abandoned() -> None:
    drain, abandoned = Drain(), threading.Event()
    with Work(drain).lease:
        drain.begin(0, abandoned.set, boundary_s=60)
    assert not abandoned.wait(0.3)
