"""Who listens to the bell goes on after any loss of the broker, or says that it cannot."""

import queue
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery.worker import WorkController
from kombu import Consumer

from jobs.adapters import celery, inprocess
from tests.servers.penstock import ROOT, until


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


def test_a_ring_in_this_process_wakes_who_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inprocess, "LOOK_S", 600.0)  # no ring is found by looking again
    app = celery.app("memory://")
    heard: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    place = app.amqp.queues[celery.QUEUE]
    with app.connection() as connection, ThreadPoolExecutor(1) as pool:
        channel = connection.channel()
        consumer = Consumer(
            channel, [place], on_message=lambda message: heard.put(message.body), no_ack=True
        )
        place(channel).purge()
        with consumer:
            for number in range(3):
                listening = pool.submit(connection.drain_events, timeout=600)
                until(lambda listening=listening: listening.running())
                celery.CeleryBell(app).ring("batch", f"id-{number}")
                listening.result(60)
                assert f"id-{number}" in str(heard.get(timeout=60))
            with pytest.raises(TimeoutError):
                connection.drain_events(timeout=0.01)
    app.close()
