"""Who listens to the bell goes on after any loss of the broker, or says that it cannot."""

import subprocess
import sys
import textwrap

import pytest
from celery.worker import WorkController

from jobs.adapters import celery
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
