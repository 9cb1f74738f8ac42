"""The commands that start processes."""

import gc
import logging
import os
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


data_option = click.option(
    "--data", type=click.Path(path_type=Path), default=None, help="The data folder."
)
host_option = click.option("--host", default="127.0.0.1", show_default=True)
log = logging.getLogger(__name__)
port_option = click.option("--port", default=8471, show_default=True, type=click.IntRange(1, 65535))


@click.command()
@data_option
@host_option
@port_option
def up(data: Path | None, host: str, port: int) -> None:
    """Start everything in this process: API, worker, webhooks.

    With PENSTOCK_BROKER_URL the worker is left out: start `penstock worker` beside it.

    Example: penstock up --data ./penstock-data
    """
    end = _end()
    with _settings("up", data, _origin(host, port)) as settings:
        from jobs import processes

        processes.up(settings, host, port, end, lambda: _say(settings, host, port))


@click.command()
@data_option
@host_option
@port_option
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--threads", default=16, show_default=True, type=click.IntRange(1, 256), help="Of each process."
)
def api(data: Path | None, host: str, port: int, processes: int, threads: int) -> None:
    """Start the HTTP API alone, in several processes; many hosts may run it.

    It needs PENSTOCK_DATABASE_URL and PENSTOCK_BROKER_URL. `penstock worker`, `deliver` and
    `sweep` do the work. GET /health says that it is up, GET /ready whether it reaches its parts.

    Example: penstock api --host 0.0.0.0 --port 8471
    """
    with _settings("api", data, _origin(host, port)) as settings:
        from jobs import roles
        from jobs.adapters.gunicorn import Layout

        roles.api(settings, Layout(host, port, processes, threads, settings.drain_s))


@click.command()
@data_option
def deliver(data: Path | None) -> None:
    """Start a process that delivers webhooks; as many as you like.

    Example: penstock deliver
    """
    end = _end()
    with _settings("deliver", data) as settings:
        from jobs import roles

        roles.deliver(settings, end)


@click.command()
@data_option
def sweep(data: Path | None) -> None:
    """Start a process that rings for what is due and tidies up; two, so that one may be away.

    Example: penstock sweep
    """
    end = _end()
    with _settings("sweep", data) as settings:
        from jobs import roles

        roles.sweep(settings, end)


@click.command()
@data_option
@click.option("--concurrency", default=8, show_default=True, type=click.IntRange(1, 256))
@click.option(
    "--name", help="What the broker knows it by. Default: penstock-0, penstock-1 and so on."
)
@click.option("--gpus", metavar="all|0,1", help="A worker on each of these GPUs, kept running.")
@click.option(
    "--hardware",
    metavar="NAME,...",
    help="Take what asks for these classes, or for none; else those of PENSTOCK_HARDWARE, or gpu.",
)
def worker(
    data: Path | None, concurrency: int, name: str | None, gpus: str | None, hardware: str | None
) -> None:
    """Start a worker; as many as you like, one per GPU.

    It needs the server's settings: PENSTOCK_BROKER_URL, PENSTOCK_DATABASE_URL and, unless it
    shares the data folder, PENSTOCK_S3_BUCKET. Told to end (SIGTERM) it finishes what it can
    within PENSTOCK_DRAIN_S and hands the rest back.

    Example: penstock worker --gpus all
    """
    if hardware is not None:
        os.environ["PENSTOCK_HARDWARE"] = hardware  # also for the workers of --gpus
    with _settings("worker", data) as settings:
        if gpus is None:
            from jobs import processes

            processes.work(settings, concurrency, name)
            return
        arguments = ["--data", str(settings.data), "--concurrency", str(concurrency)]
        _per_gpu(gpus, settings, arguments)


def _per_gpu(which: str, settings: "Settings", arguments: list[str]) -> None:
    from jobs import supervisor
    from jobs.adapters import nvidia

    gc.enable()
    found = nvidia.chosen(which, nvidia.gpus(), os.environ.get("CUDA_VISIBLE_DEVICES"))
    if "PENSTOCK_THREADS" not in os.environ:
        os.environ["PENSTOCK_THREADS"] = str(max(1, settings.threads // len(found)))
    click.echo(f"a worker on each of {len(found)} GPUs: {', '.join(gpu.name for gpu in found)}")
    supervisor.supervise(found, arguments, _end())


def _end() -> threading.Event:
    """Set when this process is told to end, by SIGTERM or from the keyboard."""
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    return end


def _origin(host: str, port: int) -> str:
    """The address to give out: of every address of this machine, the one that surely works."""
    known = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104
    return f"http://{known.get(host, f'[{host}]' if ':' in host else host)}:{port}"


def _say(settings: "Settings", host: str, port: int) -> None:
    (settings.data / "url").write_text(f"{_origin(host, port)}\n")  # commands in the folder ask it
    click.echo(f"penstock listens on {host}:{port}, data in {settings.data}")
    click.echo(f"its token is in {settings.data / 'token'}")
    if settings.public_url != os.environ.get("PENSTOCK_URL", http.DEFAULT_URL):
        click.echo(f"in other shells: export PENSTOCK_URL={settings.public_url}")
    if not settings.embedded:
        click.echo("workers are processes of their own: start `penstock worker`")
    click.echo("stop it with Ctrl-C; what it was doing goes on at the next start")


@contextmanager
def _settings(role: str, data: Path | None, url: str | None = None) -> "Iterator[Settings]":
    """How a process runs; what stops it from starting becomes one line with a way out.

    Until it is made nothing of it is garbage, and a tenth of the start would go into looking for
    some: the collector begins when the process says that it has settled.
    """
    gc.disable()
    from jobs import config
    from jobs.adapters import logs
    from jobs.misspelt import misspelt

    try:
        settings = config.load(data=data or http.data_folder(), url=url)
        logs.configure(settings.log, settings.log_level, role)
        for told in misspelt(os.environ):
            log.warning(told)
        if role != "up":
            settings.require_shared()  # before all is imported that would be for nothing
        yield settings
    except JobsError as error:
        raise http.CliError(str(error), http.CANNOT_RUN) from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise http.CliError(f"{place}{error.strerror or error}", http.CANNOT_RUN) from error
    finally:
        gc.enable()  # whoever called this within a process of theirs goes on
