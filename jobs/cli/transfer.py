"""Files on their way to the server and back: streamed, with a bar, whole or not at all."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import click

from jobs.cli import http

BAR_FROM_BYTES = 8 * 2**20
STDIN = "-"
Advance = Callable[[int], object]


def silent(count: int) -> None:
    """No bar."""


def named(output: Any, below: str) -> Iterator[str]:
    """The paths on the server, of those that begin so, that an output names in any depth."""
    if isinstance(output, str):
        path = urlsplit(output).path if output.startswith(("http://", "https://")) else ""
        if path.startswith(below):
            yield path
    elif isinstance(output, (list, dict)):
        for item in output.values() if isinstance(output, dict) else output:
            yield from named(item, below)


def upload(name: str, key: str | None = None) -> str:
    """Send a local file, what a pipe gives, or standard input if it is called '-'; its id.

    Args:
        key: an idempotency key: what is sent once more with it is the same upload.

    Raises:
        UsageError: there is no such file.
    """
    if name == STDIN:
        return _send("stdin.jsonl", Reader(sys.stdin.buffer, silent), key)
    path = Path(name)
    if path.is_fifo():  # a shell's <(command), which can be read once
        with path.open("rb") as pipe:
            return _send("pipe.jsonl", Reader(pipe, silent), key)
    if path.is_dir():
        raise click.UsageError(f"{name!r} is a folder; name a file")
    if not path.is_file():
        raise click.UsageError(f"there is no file {name!r}")
    return http.patiently(lambda: _sent(path, key))


def _sent(path: Path, key: str | None) -> str:
    try:
        with path.open("rb") as file, bar(f"sending {path.name}", path.stat().st_size) as advance:
            return _send(path.name, SizedReader(file, advance), key)
    except OSError as error:
        raise http.CliError(f"cannot read {path}: {error.strerror}", http.CANNOT_RUN) from error


def _send(name: str, reader: "Reader", key: str | None) -> str:
    told = http.send(
        "POST",
        "/v1/files",
        files={"content": (name, reader)},
        headers=http.idempotent(key),
        timeout=None,
    )
    id: str = told["id"]
    return id


class Reader:
    """What httpx sends, piece by piece, in chunks: it must not guess a pipe's length."""

    def __init__(self, file: IO[bytes], advance: Advance) -> None:
        self._file = file
        self._advance = advance

    def read(self, size: int = -1) -> bytes:
        """The next piece."""
        piece = self._file.read(size)
        self._advance(len(piece))
        return piece


class SizedReader(Reader):
    """The same for a file, whose length is known."""

    def fileno(self) -> int:
        """For its size."""
        return self._file.fileno()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Back to the begin."""
        return self._file.seek(offset, whence)


@contextmanager
def bar(what: str, total_bytes: int, *, least: int = BAR_FROM_BYTES) -> Iterator[Advance]:
    """A bar with rate and time left, if it is worth one and somebody looks."""
    if total_bytes < least or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=total_bytes)
        yield lambda count: progress.advance(task, count)


def download(
    client: Any, path: str, target: Path, advance: Advance, sha256: str | None = None
) -> None:
    """Write what the server has under `path` to `target`: whole, or it stays as it was.

    Raises:
        Throttled, Unreachable: the token has reached a limit, the connection broke.
        CliError: the server refused, the bytes have another hash, or they cannot be written.
    """
    http.patiently(lambda: _download(client, path, target, advance, sha256))


def _download(client: Any, path: str, target: Path, advance: Advance, sha256: str | None) -> None:
    import httpx

    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    digest = hashlib.sha256()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with client.stream("GET", path) as response, aside.open("wb") as file:
            if not response.is_success:
                response.read()
            http.check(response)
            for chunk in response.iter_bytes():
                file.write(chunk)
                digest.update(chunk)
                advance(len(chunk))
        if sha256 not in (None, digest.hexdigest()):
            raise http.CliError(f"{target.name} came with other bytes than it has; try again")
        aside.replace(target)
    except httpx.TransportError as error:
        raise http.Unreachable(http.server_url(), error) from error
    except OSError as error:
        raise http.CliError(f"cannot write {target}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            aside.unlink()
