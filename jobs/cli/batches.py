"""Batches from the command line."""

import json
import time
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from jobs.cli import http

ENDED = ("completed", "failed", "cancelled", "expired")
FAILED_ROWS, NOT_COMPLETED, NOT_EXPORTED = 3, 4, 5
RESULTS = ("output.jsonl", "errors.jsonl", "index.json")


@click.group()
def batch() -> None:
    """Submit, watch and read batches."""


@batch.command()
@click.argument("model")
@click.argument("manifest")
@click.option("--webhook", help="The address to tell.")
@click.option("--destination", help="s3://bucket/prefix for the results.")
@click.option("--metadata", multiple=True, metavar="NAME=VALUE")
@click.option("--idempotency-key", help="The same key and request give the same batch.")
@click.option("--watch", "and_watch", is_flag=True, help="Show progress until it ends.")
@click.option("--json", "as_json", is_flag=True)
def submit(model: str, manifest: str, and_watch: bool, as_json: bool, **options: Any) -> None:
    """Submit a manifest: a local file, or an s3:// address.

    MODEL is owner/name (its live version), owner/name:staging, owner/name:DIGEST or a digest.

    Example: penstock batch submit demo/hello rows.jsonl --watch
    """
    pairs = (pair.partition("=") for pair in options["metadata"])
    body: dict[str, Any] = {"model": model}
    body["metadata"] = {name: value for name, _, value in pairs}
    for name in ("webhook", "destination"):
        if options[name]:
            body[name] = options[name]
    if manifest.startswith("s3://"):
        body["input_url"] = manifest
    else:
        body["input_file_id"] = http.upload(Path(manifest))
    key = options["idempotency_key"]
    headers = {"Idempotency-Key": key} if key else {}
    told = http.call("POST", "/v1/batches", json=body, headers=headers)
    if as_json and not and_watch:
        click.echo(json.dumps(told))
    elif not as_json:
        click.echo(told["id"])
    if and_watch:
        _watch(told["id"], as_json)


@batch.command(name="list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """List batches, newest first.

    Example: penstock batch list
    """
    told = http.call("GET", "/v1/batches")["data"]
    if as_json:
        click.echo(json.dumps(told))
        return
    for one in told:
        counts = one["request_counts"]
        click.echo(f"{one['id']}  {one['status']}  {counts['completed']}/{counts['total']}")


@batch.command()
@click.argument("id")
def show(id: str) -> None:
    """Print a batch as JSON.

    Example: penstock batch show batch_0123
    """
    click.echo(json.dumps(http.call("GET", f"/v1/batches/{id}"), indent=2))


@batch.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="Print the batch as JSON at its end.")
def watch(id: str, as_json: bool) -> None:
    """Show progress until the batch ends.

    Exit 3 if rows failed, 4 if it did not complete, 5 if its destination took no results.

    Example: penstock batch watch batch_0123
    """
    _watch(id, as_json)


def _watch(id: str, as_json: bool) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("validating", total=None, rate="")
        began = time.monotonic()
        while True:
            told = _patiently(id)
            counts = told["request_counts"]
            done = counts["total"] - counts["pending"] + counts["running"]
            rate = f"{done / max(time.monotonic() - began, 1e-3):.1f} rows/s"
            total = counts["total"] or None
            progress.update(
                task, description=told["status"], total=total, completed=done, rate=rate
            )
            if told["status"] in ENDED:
                break
            time.sleep(0.2)
    _end(told, as_json)


def _patiently(id: str) -> Any:
    """The batch; a server that restarts is waited for."""
    for _ in range(150):
        try:
            return http.call("GET", f"/v1/batches/{id}")
        except http.CliError as error:
            if not isinstance(error.__cause__, httpx.TransportError):
                raise
            time.sleep(0.2)
    return http.call("GET", f"/v1/batches/{id}")


def _end(told: dict[str, Any], as_json: bool) -> None:
    counts = told["request_counts"]
    if as_json:
        click.echo(json.dumps(told))
    else:
        text = ", ".join(f"{counts[name]} {name}" for name in ("completed", "failed", "total"))
        click.echo(f"{told['id']} {told['status']}: {text}")
        for problem in (told["errors"] or {"data": []})["data"][:10]:
            click.echo(f"  {problem['message']}", err=True)
    if told["status"] != "completed":
        raise SystemExit(NOT_COMPLETED)
    if counts["completed"] < counts["total"]:
        raise SystemExit(FAILED_ROWS)
    if told["errors"]:
        raise SystemExit(NOT_EXPORTED)


@batch.command()
@click.argument("id")
def cancel(id: str) -> None:
    """Stop a batch and keep what is done.

    Example: penstock batch cancel batch_0123
    """
    click.echo(http.call("POST", f"/v1/batches/{id}/cancel")["status"])


@batch.command(name="retry-failed")
@click.argument("id")
def retry_failed(id: str) -> None:
    """Make a child batch of the rows that gave no output; prints its id.

    Example: penstock batch retry-failed batch_0123
    """
    click.echo(http.call("POST", f"/v1/batches/{id}/retry-failed")["id"])


@batch.command()
@click.argument("id")
@click.option("--output", type=click.Path(path_type=Path), default=Path(), help="A folder.")
def results(id: str, output: Path) -> None:
    """Download output.jsonl, errors.jsonl and index.json.

    Example: penstock batch results batch_0123 --output results/
    """
    output.mkdir(parents=True, exist_ok=True)
    with http.client() as client:
        for name in RESULTS:
            with client.stream("GET", f"/v1/batches/{id}/results/{name}") as response:
                if not response.is_success:
                    response.read()
                http.check(response)
                with (output / name).open("wb") as file:
                    for chunk in response.iter_bytes():
                        file.write(chunk)
            click.echo(str(output / name))
