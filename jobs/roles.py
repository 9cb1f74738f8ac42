"""The processes of a production set-up besides the worker, each of which does one thing.

Several of each may run at a time, on one host or many: what they do is claimed in the database.
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from jobs.config import Settings
from jobs.core.errors import BadRequest, Unavailable
from jobs.processes import (
    PURGE_EVERY_S,
    SWEEP_EVERY_S,
    TIDY_EVERY_S,
    every,
    own_folder,
    quiet,
    repeat,
    settle,
)
from jobs.wiring import Wiring
from jobs.worker.deliver import LOOK_S

if TYPE_CHECKING:
    from jobs.adapters.gunicorn import Layout

BEAT_EVERY_S = 5.0
#: an API process that finds the database away tries again so often
PAUSE_S = 0.5
#: how far beyond PENSTOCK_METRICS_PORT, which is the API's, the others' ports are
DELIVER_PORT, SWEEP_PORT = 1, 2
T = TypeVar("T")
log = logging.getLogger(__name__)


class Beat:
    """A file whose age says how long ago a process last went round, for health checks to look at.

    It says nothing of whether what it does there succeeds: starting it anew would not help that.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._due = 0.0

    def __call__(self) -> None:
        """Note that it goes round."""
        if time.monotonic() >= self._due:
            self._file.touch()
            self._due = time.monotonic() + BEAT_EVERY_S


def api(settings: Settings, layout: "Layout") -> None:
    """The HTTP API in several processes, until SIGTERM.

    Raises:
        BadRequest: the settings do not allow several processes, or the database is away.
    """
    # all of it before the processes fork, which then have it for nothing
    from jobs import wsgi
    from jobs.adapters import gunicorn, scrape, traces

    settings.require_shared()
    folder, _lock = own_folder(settings.data / "apis")
    if settings.traces:
        traces.require()
    made = Wiring(settings, role="api")
    made.webhooks.check_keys()
    # migrated once, here; nothing is connected, and no thread runs, when processes fork
    made.store.database.close()
    numbers = scrape.shared(folder)
    settle()
    gunicorn.serve(lambda: patiently(lambda: wsgi.make(settings, numbers)), layout)


def patiently(make: Callable[[], T]) -> T:
    """What `make` gives in the end.

    Processes are made anew at any time, when the database is away too, and gunicorn ends all of
    them where one cannot be made. What the settings allow was seen before there were any.
    """
    while True:
        try:
            return make()
        except (BadRequest, Unavailable) as error:
            log.warning("this API process cannot begin yet: %s", error)
            time.sleep(PAUSE_S)


def deliver(settings: Settings, end: threading.Event) -> None:
    """Webhooks, until `end`: the attempts under way are made to their end, no more are begun."""
    settings.require_shared()
    made = Wiring(settings, role="deliver")
    made.webhooks.check_keys()
    engine, rest, beat = made.deliver, quiet(made), Beat(settings.data / "deliver.alive")

    def ended() -> bool:
        beat()  # a round may last for as long as there is something to deliver
        return end.is_set()

    def wait() -> None:
        beat()
        rest()

    made.watched(DELIVER_PORT, made.registry)
    settle()
    repeat(LOOK_S, lambda: rest.after(engine.run(ended)), end, "deliver", wait)


def sweep(settings: Settings, end: threading.Event) -> None:
    """Rings for what is due and removes what lost attempts left, until `end`."""
    settings.require_shared()
    made = Wiring(settings, role="sweep")
    rings, tidy = made.sweep(), made.tidy()
    every(TIDY_EVERY_S, tidy.run, end, "tidy")
    every(PURGE_EVERY_S, made.purge().run, end, "purge")
    made.watched(SWEEP_PORT, made.registry, made.overview, made.demand)
    settle()
    repeat(SWEEP_EVERY_S, rings.run, end, "sweep", Beat(settings.data / "sweep.alive"))
