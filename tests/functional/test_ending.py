"""A server that is told to end does so, whichever of its threads the system tells."""

import ctypes
import os
import platform
import signal
import sys
from pathlib import Path

import httpx
import pytest

from tests.servers.penstock import BIN, ROOT, Penstock, free_port, until
from tests.servers.process import Server

#: of the system call by which one thread is told
TGKILL = {"x86_64": 234, "aarch64": 131}
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in TGKILL, reason="needs tgkill"
)


def tell_another_thread(pid: int) -> None:
    """Have a thread of the process be told to end that is not its first."""
    others = {int(name) for name in os.listdir(f"/proc/{pid}/task")} - {pid}
    number = TGKILL[platform.machine()]
    assert ctypes.CDLL(None).syscall(number, pid, min(others), signal.SIGTERM) == 0


def test_up_ends_whichever_thread_is_told(tmp_path: Path) -> None:
    server = Penstock(tmp_path)
    server.start()
    try:
        assert server.process is not None
        tell_another_thread(server.process.pid)
        assert server.process.wait(timeout=60) == 0
    finally:
        server.stop()


def test_serve_ends_whichever_thread_is_told(tmp_path: Path) -> None:
    port, model = free_port(), ROOT / "tests" / "models" / "quick"
    server = Server([BIN / "penstock", "serve", model, "-p", str(port)], tmp_path / "log")

    def answers() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health-check").is_success
        except httpx.TransportError:
            return False

    try:
        until(answers)
        tell_another_thread(server.pid)
        until(lambda: not answers())
    finally:
        server.stop()
