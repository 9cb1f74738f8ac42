"""The root command and the doors that start processes."""

import json
import logging
import signal
import threading
from pathlib import Path
from typing import Any

import click

from jobs.cli import batches, http, models
from jobs.core.errors import JobsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Batches of predictions on your own GPUs.

    Exit codes: 0 done, 1 it failed, 2 it could not be tried, 3 a batch ended with failed
    rows, 4 a batch did not complete.
    """


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=None, help="The data folder.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8471, show_default=True, type=click.IntRange(1, 65535))
def up(data: Path | None, host: str, port: int) -> None:
    """Start everything in this process: API, worker, webhooks.

    Example: penstock up --data ./penstock-data
    """
    from jobs import config, wiring

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    try:
        settings = config.load(data=data or http.data_folder(), url=f"http://{host}:{port}")
        click.echo(f"penstock listens on {settings.public_url}")
        click.echo(f"its token is in {settings.data / 'token'}")
        wiring.up(settings, host, port, end)
    except JobsError as error:
        raise http.CliError(str(error), http.CANNOT_RUN) from error


@main.command()
@click.argument("ref")
@click.option("-i", "--input", "pairs", multiple=True, metavar="NAME=VALUE")
@click.option("--json", "as_json", is_flag=True, help="Print the whole prediction as JSON.")
def predict(ref: str, pairs: tuple[str, ...], as_json: bool) -> None:
    """Run one input through a version and wait for it.

    Example: penstock predict demo/hello -i text=you
    """
    body = {"version": ref, "input": dict(_pair(pair) for pair in pairs)}
    told = http.call("POST", "/v1/predictions", json=body, headers={"Prefer": "wait"})
    while told["status"] in ("starting", "processing"):
        told = http.call("GET", f"/v1/predictions/{told['id']}")
    click.echo(json.dumps(told if as_json else told["output"], ensure_ascii=False))
    if told["status"] != "succeeded":
        raise http.CliError(told["error"] or told["status"])


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"write an input as NAME=VALUE, not {name!r} alone")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


@main.group()
def webhooks() -> None:
    """The signing secret, and what became of deliveries."""


@webhooks.command()
def secret() -> None:
    """Print the secret that receivers verify with.

    Example: export PENSTOCK_WEBHOOK_SECRET=$(penstock webhooks secret)
    """
    click.echo(http.call("GET", "/v1/webhooks/default/secret")["key"])


@webhooks.command()
@click.argument("subject", required=False)
def deliveries(subject: str | None) -> None:
    """List deliveries as JSON, of one batch or prediction or of all.

    Example: penstock webhooks deliveries batch_0123
    """
    query = {"subject": subject} if subject else {}
    click.echo(json.dumps(http.call("GET", "/v1/deliveries", params=query), indent=2))


main.add_command(batches.batch)
for command in (models.push, models.models, models.versions, models.promote, models.rollback):
    main.add_command(command)
