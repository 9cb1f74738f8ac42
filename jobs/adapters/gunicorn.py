"""The API under gunicorn: a master that holds the socket, processes with threads that answer."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from jobs.adapters.bodies import careful

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

#: longer than load balancers keep idle connections (60 s is usual), so that it is they who close
KEEPALIVE_S = 75
#: a process whose main loop is stuck for so long is replaced; long requests are not counted
STUCK_S = 60


@dataclass(frozen=True)
class Layout:
    """Where to listen, and with how many processes of how many threads."""

    host: str
    port: int
    processes: int
    threads: int
    #: what requests under way are given when the server is told to end
    drain_s: float


def serve(load: Callable[[], "Flask"], layout: Layout) -> None:
    """Serve until SIGTERM; `load` is called in each process, after the fork."""
    _Server(load, layout).run()


class _Lines(Logger):  # type: ignore[misc]
    """gunicorn's own lines, left to the handler that all others go to."""

    def setup(self, cfg: Any) -> None:
        """No handler of its own."""
        self.cfg = cfg
        self.error_log.setLevel(logging.WARNING)
        self.error_log.propagate = True


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, load: Callable[[], "Flask"], layout: Layout) -> None:
        self._load = load
        self._layout = layout
        super().__init__(prog="penstock api")

    def load_config(self) -> None:
        """Ours alone: no file and no environment variable of gunicorn's is read."""
        for name, value in _options(self._layout).items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        """The application."""
        return careful(self._load())


def _options(layout: Layout) -> dict[str, Any]:
    host = f"[{layout.host}]" if ":" in layout.host else layout.host
    options = {
        "bind": [f"{host}:{layout.port}"],
        "worker_class": "jobs.adapters.heads.Worker",
        "workers": layout.processes,
        "threads": layout.threads,
        "timeout": STUCK_S,
        "graceful_timeout": max(1, round(layout.drain_s)),
        "keepalive": KEEPALIVE_S,
        # addresses may hold what their owner would not print: no access log
        "accesslog": None,
        "logger_class": _Lines,
        "control_socket_disable": True,
    }
    if os.access("/dev/shm", os.W_OK) and Path("/dev/shm").is_dir():  # noqa: S108
        options["worker_tmp_dir"] = "/dev/shm"  # noqa: S108 - a heartbeat that a slow disk cannot stop
    return options
