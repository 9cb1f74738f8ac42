"""The commands that start processes."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobs.cli import http
from jobs.core.errors import JobsError

if TYPE_CHECKING:
    from jobs.config import Settings


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=None, help="The data folder.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8471, show_default=True, type=click.IntRange(1, 65535))
def up(data: Path | None, host: str, port: int) -> None:
    """Start everything in this process: API, worker, webhooks.

    With PENSTOCK_BROKER_URL the worker is left out: start `penstock worker` beside it.

    Example: penstock up --data ./penstock-data
    """
    from jobs import config, processes

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    with _told():
        settings = config.load(data=data or http.data_folder(), url=_origin(host, port))
        processes.up(settings, host, port, end, lambda: _say(settings, host, port))


def _origin(host: str, port: int) -> str:
    """The address to give out: of every address of this machine, the one that surely works."""
    known = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104
    return f"http://{known.get(host, f'[{host}]' if ':' in host else host)}:{port}"


def _say(settings: "Settings", host: str, port: int) -> None:
    click.echo(f"penstock listens on {host}:{port}, data in {settings.data}")
    click.echo(f"its token is in {settings.data / 'token'}")
    if settings.public_url != http.server_url():
        click.echo(f"in other shells: export PENSTOCK_URL={settings.public_url}")
    if not settings.embedded:
        click.echo("workers are processes of their own: start `penstock worker`")
    click.echo("stop it with Ctrl-C; what it was doing goes on at the next start")


@contextmanager
def _told() -> Iterator[None]:
    """What stops a process from starting, as one line with a way out."""
    try:
        yield
    except JobsError as error:
        raise http.CliError(str(error), http.CANNOT_RUN) from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise http.CliError(f"{place}{error.strerror or error}", http.CANNOT_RUN) from error


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=None, help="The data folder.")
@click.option("--concurrency", default=8, show_default=True, type=click.IntRange(1, 256))
@click.option("--name", help="What the broker knows it by; penstock-0, penstock-1 and so on else.")
def worker(data: Path | None, concurrency: int, name: str | None) -> None:
    """Start a worker; as many as you like, one per GPU (CUDA_VISIBLE_DEVICES).

    It needs the server's settings: PENSTOCK_BROKER_URL, PENSTOCK_DATABASE_URL and, unless it
    shares the data folder, PENSTOCK_S3_BUCKET.

    Example: CUDA_VISIBLE_DEVICES=0 penstock worker
    """
    from jobs import config, processes

    with _told():
        settings = config.load(data=data or http.data_folder())
        processes.work(settings, concurrency, name)
