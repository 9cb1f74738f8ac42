"""A RabbitMQ for tests: named by the environment, or what is installed."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import Server, Unavailable, free_port


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, str]]:
    """(url, what it is) while the server runs; `folder` must be new and ours."""
    if url := os.environ.get("TEST_RABBITMQ_URL"):
        yield url, "from TEST_RABBITMQ_URL"
        return
    binary = shutil.which("rabbitmq-server", path=f"{os.environ['PATH']}:/usr/sbin")
    if binary is None:
        raise Unavailable("install rabbitmq-server, or set TEST_RABBITMQ_URL")
    port = free_port()
    environment = _environment(folder, port)
    # Debian's script changes to another user with `su`, which loses what we say here.
    program = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    server = Server(
        [program if program.exists() else binary], folder / "rabbitmq.log", env=environment
    )
    try:
        server.wait_for(port, timeout_s=120)
        yield f"amqp://guest:guest@127.0.0.1:{port}//", "rabbitmq-server on PATH"
    finally:
        server.stop()
        _end_mapper(environment)


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
