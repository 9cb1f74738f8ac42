"""A RabbitMQ for tests: named by the environment, or what is installed."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.servers import tree
from tests.servers.process import Server, Unavailable, free_port


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, str]]:
    """(url, what it is) while the server runs; `folder` must be new and ours."""
    if url := os.environ.get("TEST_RABBITMQ_URL"):
        yield url, "from TEST_RABBITMQ_URL"
        return
    with Node(folder) as node:
        yield node.url, "rabbitmq-server on PATH"


class Node:
    """A server of one's own, which may be killed and started again on what it has kept."""

    def __init__(self, folder: Path) -> None:
        binary = shutil.which("rabbitmq-server", path=f"{os.environ['PATH']}:/usr/sbin")
        if binary is None:
            raise Unavailable("install rabbitmq-server, or set TEST_RABBITMQ_URL")
        # Debian's script changes to another user with `su`, which loses what we say here.
        program = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
        self._program = program if program.exists() else Path(binary)
        self._log = folder / "rabbitmq.log"
        self._port = free_port()
        self._environment = _environment(folder, self._port)
        self.url = f"amqp://guest:guest@127.0.0.1:{self._port}//"
        self._server: Server | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._server = Server([self._program], self._log, env=self._environment)
        self._server.wait_for(self._port, timeout_s=120)

    def kill(self) -> None:
        """kill -9 of the script and of all under it."""
        assert self._server is not None
        pids = tree.tree(self._server.pid)
        tree.signal_all(pids, signal.SIGKILL)
        self._server.stop()
        while any(tree.state(pid) not in "ZX" for pid in pids):  # its memory takes a while to go
            time.sleep(0.01)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._server is not None:
            self.kill()  # told to end it would put in order, for seconds, what is thrown away
        _end_mapper(self._environment)


def _environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "HOME": str(folder),  # where Erlang keeps its cookie
        "RABBITMQ_NODENAME": f"test{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "ERL_EPMD_PORT": str(free_port()),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none",
    }


def _end_mapper(environment: dict[str, str]) -> None:
    """Erlang starts a port mapper that outlives whoever started it."""
    mapper = shutil.which("epmd") or next(
        iter(map(str, Path("/usr/lib/erlang").glob("erts-*/bin/epmd"))), None
    )
    if mapper is not None:
        subprocess.run(
            [mapper, "-kill"], env=os.environ | environment, capture_output=True, timeout=20
        )
