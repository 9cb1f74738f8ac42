"""When a signal stops a prediction: while one runs, or where one is about to."""

import os
import signal
from collections.abc import Iterator

import pytest

from jobs.host.cancel import SIGNAL, Cancel


class Stopped(BaseException):
    """What the model is told with."""


def stop() -> None:
    raise Stopped


@pytest.fixture
def cancel() -> Iterator[Cancel]:
    before = signal.getsignal(SIGNAL)
    yield Cancel()
    signal.signal(SIGNAL, before)


def tell() -> None:
    os.kill(os.getpid(), SIGNAL)
    for _ in range(1000):  # it is heard between two lines of Python
        pass


def test_a_prediction_that_runs_is_stopped(cancel: Cancel) -> None:
    with pytest.raises(Stopped), cancel.heeded(stop):
        tell()
    assert cancel.came
    with cancel.heeded(stop):
        pass
    assert not cancel.came, "that was another prediction"


def test_one_that_is_about_to_begin_is_stopped_at_once(cancel: Cancel) -> None:
    tell()
    began = False
    with pytest.raises(Stopped), cancel.heeded(stop):
        began = True
    assert (cancel.came, began) == (True, False)


def test_what_is_being_written_is_written_to_its_end(cancel: Cancel) -> None:
    written = []

    def write() -> None:
        with cancel.held():
            tell()
            written.append("whole")
        written.append("more")

    with pytest.raises(Stopped), cancel.heeded(stop):
        write()
    assert written == ["whole"]


def test_one_that_cleans_up_is_not_told_again(cancel: Cancel) -> None:
    cleaned = []

    def clean() -> None:
        try:
            tell()
        finally:
            tell()
            cleaned.append(True)

    with pytest.raises(Stopped), cancel.heeded(stop):
        clean()
    assert cleaned
