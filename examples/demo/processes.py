"""The demo's processes: its own folder, its servers, its commands, and what to say if one fails."""

import fcntl
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

BIN = Path(sys.executable).parent
T = TypeVar("T")


class Failed(Exception):
    """The demo cannot go on; the message is for its reader."""


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Have a folder to oneself; raises Failed if a demo or a server uses it."""
    folder.mkdir(exist_ok=True)
    lock, server_lock = folder / ".lock", folder / "data" / "lock"
    with lock.open("ab") as mine:
        held(mine, f"another demo is running in {folder}; wait for it, or stop it")
        if server_lock.exists():
            with server_lock.open("ab") as theirs:
                held(theirs, f"a penstock serves {folder / 'data'}, which this would remove; stop it")
        yield


def held(file: object, message: str) -> None:
    """Lock a file, or raise Failed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Failed(message) from error


@contextmanager
def running(log: Path, program: str, *words: str) -> Iterator[Callable[[], None]]:
    """A process for as long as the block lasts; call what it gives to raise Failed if it ended."""
    with log.open("wb") as output:
        process = subprocess.Popen([BIN / program, *words], stdout=output, stderr=output)

    def check() -> None:
        if process.poll() is not None:
            raise Failed(f"{program} {words[0]} ended at once:\n{tail(log)}")

    try:
        yield check
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        process.kill()
        process.wait()


def penstock(*words: str) -> None:
    """A command to its end, indented like what is said around it."""
    with subprocess.Popen([BIN / "penstock", *words], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(f"     {line}", end="", flush=True)
    _check(process.returncode, words)


def told(*words: str) -> str:
    """What a command prints; its progress is seen."""
    command = [BIN / "penstock", *words]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    _check(done.returncode, words)
    return done.stdout.strip()


def _check(status: int, words: tuple[str, ...]) -> None:
    if status:
        said = "what it said is above, what the server said is in server.log"
        raise Failed(f"`penstock {' '.join(words)}` ended with status {status}; {said}")


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(
    what: Callable[[], T], name: str, check: Callable[[], None] = lambda: None, seconds: float = 60
) -> T:
    """What it answers once that is true; `check` may raise Failed meanwhile."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := what():
            return answer
        check()
        time.sleep(0.05)
    raise Failed(f"{name} did not show within {seconds:.0f} s; see the *.log files")
