"""A server as a child process: a free port, waiting until it listens, stopping it."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import pytest


class Unavailable(Exception):
    """No such server can be had on this machine; the message says what would change that."""


def lacking(reason: object) -> NoReturn:
    """What this machine has not got skips a test at home, and fails it in CI, which is to have it.

    `.ci/run` installs what it can.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(str(reason), pytrace=False)
    pytest.skip(str(reason))


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(count: int) -> int:
    """The first of so many ports (40 at most) in a row that nobody has.

    They lie below those that connections are given, one of which could take a port meanwhile.
    """
    for first in random.sample(range(20_000, 32_000 - count, count), 200):
        with contextlib.ExitStack() as probes:
            try:
                for port in range(first, first + count):
                    probe = probes.enter_context(socket.socket())
                    probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise Unavailable(f"no {count} free ports in a row")


class Server:
    """One running server process, its output in a file."""

    def __init__(
        self,
        argv: Sequence[str | Path],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        user: int | None = None,
        cwd: Path | None = None,
        stop_signal: int = signal.SIGTERM,
    ) -> None:
        self._log = log
        self._stop_signal = stop_signal
        with log.open("wb") as output:
            # Its own session: Ctrl-C reaches the tests first, and they stop the server.
            self._process = subprocess.Popen(
                [str(word) for word in argv],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                start_new_session=True,
                **({} if user is None else identity(user)),  # type: ignore[call-overload]
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_for(self, port: int, timeout_s: float = 30) -> None:
        """Return once somebody listens on the port."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended at once: {self.last_words()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"the server did not listen within {timeout_s} s: {self.last_words()}")

    def last_words(self) -> str:
        """The end of what it printed."""
        return self._log.read_text(errors="replace")[-2000:]

    def wait(self, timeout_s: float) -> int:
        """Its exit status, once it has ended by itself."""
        return self._process.wait(timeout_s)

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.wait()

    def crash(self, number: int) -> None:
        """Send it a signal and wait for its end."""
        self._process.send_signal(number)
        self._process.wait(60)

    def stop(self) -> None:
        """Ask it to end; insist after ten seconds."""
        if self._process.poll() is None:
            self._process.send_signal(self._stop_signal)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()


def identity(user: int) -> dict[str, object]:
    """Arguments of subprocess to run as another user, and with no group of ours."""
    return {"user": user, "group": user, "extra_groups": []}
