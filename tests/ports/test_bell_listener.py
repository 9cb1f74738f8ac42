"""Who listens to the bell goes on after any loss of the broker, or says that it cannot."""

import queue
import subprocess
import sys
import textwrap
import threading

import pytest
from celery.worker import WorkController

from jobs.adapters import celery
from jobs.adapters.bell import LocalBell
from tests.servers.penstock import ROOT


class Broken:
    """A connection that breaks in being closed, as kombu's to a lost Redis does at times."""

    connection_errors = channel_errors = (OSError,)

    def collect(self, **options: object) -> None:
        """Fails, as what it is to tell is gone."""
        raise OSError

    def close(self) -> None:
        """What kombu's channel says: it has no connection any more."""
        raise AttributeError("'NoneType' object has no attribute 'hostname'")


def test_a_connection_that_cannot_even_be_closed_does_not_end_the_worker(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = celery.app("memory://")
    celery.serve(app, lambda what, id: None)
    listener = WorkController(app=app, pool_cls="solo", hostname="w@h").consumer
    assert isinstance(listener, celery.Listener)
    listener.connection = Broken()
    listener.on_connection_error_after_connected(ConnectionError("it went away"))
    assert listener.connection is None
    assert "could not be closed: AttributeError" in caplog.text


def test_a_worker_that_cannot_go_on_ends_with_an_error() -> None:
    program = textwrap.dedent("""
        from jobs.adapters import celery

        class Hopeless(celery.Listener):
            def start(self):
                raise ValueError("nobody knows why")

        app = celery.app("memory://")
        app.conf.worker_consumer = Hopeless
        celery.serve(app, print)
        raise SystemExit(celery.work(app, 1, "w", [], lambda: None))
    """)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=100,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "nobody knows why" in done.stderr


def test_rings_within_a_process_go_to_its_threads_once_each() -> None:
    bell = LocalBell()
    heard: queue.SimpleQueue[object] = queue.SimpleQueue()
    held = threading.Event()

    def answer(what: str, id: str, like: object) -> None:
        heard.put((what, id, like))
        held.wait(60)

    for number in range(3):
        bell.ring("prediction", f"id-{number}", "a100", ("ann", "ann/m", "v"))
    assert bell.waiting() == bell.waiting("a100") == 3
    bell.listen(answer, 2)
    first = {heard.get(timeout=60) for _ in range(2)}
    assert bell.waiting() == 1  # no thread is free
    held.set()
    assert {*first, heard.get(timeout=60)} == {
        ("prediction", f"id-{number}", ("ann", "ann/m", "v")) for number in range(3)
    }
    bell.stop()
    bell.ring("version", "late")
    assert bell.waiting() == 1  # nobody answers any more
