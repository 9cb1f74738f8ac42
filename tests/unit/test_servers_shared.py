"""A server of the tests that several processes share."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

from tests.servers.shared import shared

USERS = 4


@contextmanager
def _server(folder: Path) -> Iterator[int]:
    (folder / f"began-{os.getpid()}").touch()
    yield os.getpid()
    (folder / f"ended-{os.getpid()}").touch()


def _use(folder: Path, met: Barrier, first: Event) -> None:
    with shared(folder / "server", lambda: _server(folder)) as pid:
        met.wait(20)
        if pid == os.getpid():
            first.set()
        else:
            assert first.wait(20)
            time.sleep(0.2)  # the one that started it wants to leave
            assert not (folder / f"ended-{pid}").exists()
            (folder / f"used-{os.getpid()}").touch()


def test_it_is_started_once_and_ended_by_its_starter_after_the_last(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    met, first = context.Barrier(USERS), context.Event()
    users = [context.Process(target=_use, args=(tmp_path, met, first)) for _ in range(USERS)]
    for one in users:
        one.start()
    for one in users:
        one.join(30)
    assert [one.exitcode for one in users] == [0] * USERS
    began = [path.name.partition("-")[2] for path in tmp_path.glob("began-*")]
    ended = [path.name.partition("-")[2] for path in tmp_path.glob("ended-*")]
    assert len(began) == 1
    assert began == ended
    assert len([*tmp_path.glob("used-*")]) == USERS - 1


def test_who_comes_after_it_ended_starts_another(tmp_path: Path) -> None:
    for _ in range(2):
        with shared(tmp_path / "server", lambda: _server(tmp_path)) as pid:
            assert pid == os.getpid()
            (tmp_path / f"began-{pid}").unlink()  # it is there: this time was begun anew
