"""Where Prometheus reads a process's numbers: a port of its own, away from the API's clients."""

import logging
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, make_wsgi_app, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from werkzeug.serving import WSGIRequestHandler, make_server

#: a port that somebody has may be the one that this process follows: it is tried again
AGAIN_S = 3.0
log = logging.getLogger(__name__)


def serve(collectors: Iterable[Collector], host: str, port: int) -> None:
    """Answer on the port from now on, in threads that end with the process.

    Where the port is taken it is waited for: in an upgrade the new process starts before the old
    one ends, and of several that share their numbers the first one answers for all.
    """
    registry = CollectorRegistry()
    for collector in collectors:
        registry.register(collector)
    threading.Thread(
        target=_serve, args=(registry, host, port), daemon=True, name="metrics"
    ).start()


def _serve(registry: CollectorRegistry, host: str, port: int) -> None:
    said = False
    while True:
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            door = socket.create_server((host, port), family=family)
            break
        except OSError as error:
            if not said:
                reason = os.strerror(error.errno or 0)
                log.info("numbers: cannot listen on %s:%d yet (%s)", host, port, reason)
            said = True
            time.sleep(AGAIN_S)
    app = make_wsgi_app(registry)
    with door:
        fd = door.fileno()
        made = make_server(host, port, app, threaded=True, request_handler=_Quiet, fd=fd)
    made.serve_forever()


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


class Shared(Collector):
    """The numbers of several processes, each of which keeps its own in files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """The sums over all processes, also those that have ended."""
        collector: Any = MultiProcessCollector
        yield from collector(None, str(self._folder)).collect()


def shared(folder: Path) -> Shared:
    """From now on, keep what this process and its children count in files of this folder.

    The library would decide that when it is imported, by this variable; here it is not known yet.
    """
    for old in folder.glob("*.db"):
        old.unlink()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    library: Any = values
    library.ValueClass = library.MultiProcessValue()
    return Shared(folder)


class Place(Collector):
    """What this process is, and the disk that it writes to."""

    def __init__(self, role: str, version: str, data: Path) -> None:
        self._labels = [role, version]
        self._data = data

    def collect(self) -> Iterator[Metric]:
        """Two sizes, and a 1 that carries names."""
        info = GaugeMetricFamily("penstock_process", "Always 1", labels=["role", "version"])
        info.add_metric(self._labels, 1)
        yield info
        usage = shutil.disk_usage(self._data)
        yield GaugeMetricFamily("penstock_disk_free_bytes", "Of the data folder", usage.free)
        yield GaugeMetricFamily("penstock_disk_size_bytes", "Of the data folder", usage.total)
