"""The commands that start processes."""

import logging
import signal
import threading
from pathlib import Path

import click

from jobs.cli import http
from jobs.core.errors import JobsError


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
    try:
        settings = config.load(data=data or http.data_folder(), url=f"http://{host}:{port}")
        click.echo(f"penstock listens on {settings.public_url}")
        click.echo(f"its token is in {settings.data / 'token'}")
        if not settings.embedded:
            click.echo("workers are processes of their own: start `penstock worker`")
        processes.up(settings, host, port, end)
    except JobsError as error:
        raise http.CliError(str(error), http.CANNOT_RUN) from error


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

    try:
        settings = config.load(data=data or http.data_folder())
        processes.work(settings, concurrency, name)
    except JobsError as error:
        raise http.CliError(str(error), http.CANNOT_RUN) from error
