"""What a thread waits for a core is told by the kernel."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from jobs.host import waiting
from jobs.host.waiting import waited_s


@pytest.fixture
def shared_core() -> Iterator[None]:
    """This thread on one core with a process that never rests."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        other.kill()
        other.wait()
        os.sched_setaffinity(0, before)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts it")
@pytest.mark.usefixtures("shared_core")
def test_it_grows_while_others_have_the_core() -> None:
    began, until = waited_s(), time.monotonic() + 60
    while waited_s() < began + 0.05:
        assert time.monotonic() < until, "it never had to wait"


def test_where_nobody_counts_it_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "WHERE", "/nowhere")
    assert waited_s() == 0.0
