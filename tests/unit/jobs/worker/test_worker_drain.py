"""A process that is told to end takes nothing new, and hands back what takes too long."""

from jobs.worker.drain import Drain
from jobs.worker.leases import Lease
from tests.servers.penstock import until


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
    with Lease(lambda: "back", lease_s=0.3) as lease:
        assert not lease.ended()
        until(lease.ended)
        lease.check()
        assert not lease.stop.is_set()
