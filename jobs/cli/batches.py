"""Batches from the command line."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from jobs.cli import http, out
from jobs.cli.inputs import target
from jobs.cli.lists import limit_option, which, which_options
from jobs.cli.out import json_option
from jobs.core.batch import FINISHED, PAUSED, State


@click.group()
def batch() -> None:
    """Submit, watch and read batches.

    Example: penstock batch submit demo/hello rows.jsonl --watch
    """


@batch.command()
@click.argument("model")
@click.argument("manifest")
@click.option("--webhook", help="The address to tell.")
@click.option(
    "--webhook-event",
    "events",
    multiple=True,
    metavar="EVENT",
    help="An event to tell it, such as completed; may be repeated. Default: every event.",
)
@click.option(
    "--webhook-format", type=click.Choice(["penstock", "openai"]), help="In whose words to tell it."
)
@click.option("--destination", help="s3://bucket/prefix for the results.")
@click.option("--metadata", multiple=True, metavar="NAME=VALUE", help="Kept with the batch.")
@click.option("--window", metavar="HOURS", help="It expires after this, such as 48h. Default: 24h.")
@click.option("--priority", help="low, normal or high: which of your batches goes first.")
@click.option("--idempotency-key", help="The same key and request give the same batch.")
@click.option("--watch", "and_watch", is_flag=True, help="Show progress until it ends.")
@json_option
def submit(model: str, manifest: str, and_watch: bool, as_json: bool, **options: Any) -> None:
    """Submit a manifest: a local .jsonl or .jsonl.gz, '-' for stdin, or an s3:// address.

    MODEL is owner/name (its live version), owner/name:staging, owner/name:DIGEST, a digest, or
    deployment:name, which is one of yours.
    Prints the batch's id; an estimate of its cost goes to stderr.

    Example: penstock batch submit demo/hello rows.jsonl --watch
    """
    from jobs.cli import transfer, watch

    body = _body(model, options)
    if manifest.startswith("s3://"):
        body["input_url"] = manifest
    else:
        _check_scheme(manifest)
        body["input_file_id"] = transfer.upload(manifest, options["idempotency_key"])
    told = _submitted(body, options["idempotency_key"])
    if not as_json:
        out.note(estimate(told["estimate"]))
    if not (as_json and and_watch):
        out.tell(told, as_json, [told["id"]])
    if and_watch:
        watch.watch(told["id"], as_json)


def _check_scheme(manifest: str) -> None:
    if manifest.startswith(("http://", "https://")):
        raise click.UsageError(
            f"{manifest!r} is no file here; download it, and submit what came, or '-' behind curl"
        )


def _submitted(body: dict[str, Any], key: str | None) -> Any:
    """The batch; of one that is refused no upload stays behind, unless a key may share it."""
    try:
        return http.call("POST", "/v1/batches", json=body, headers=http.idempotent(key))
    except http.CliError as error:
        is_refused = error.exit_code in http.EXIT_CODES.values()
        if is_refused and key is None and "input_file_id" in body:
            with suppress(http.CliError):
                http.call("DELETE", f"/v1/files/{body['input_file_id']}")
        raise


def _body(model: str, options: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {**target(model, "model"), "metadata": {}}
    for pair in options["metadata"]:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"write metadata as NAME=VALUE, not {name!r} alone")
        body["metadata"][name] = value
    given = {
        "webhook": options["webhook"],
        "webhook_events_filter": options["events"] or None,
        "webhook_format": options["webhook_format"],
        "destination": options["destination"],
        "completion_window": options["window"],
        "priority": options["priority"],
    }
    return body | {name: value for name, value in given.items() if value is not None}


def estimate(told: dict[str, Any]) -> str:
    """What a batch will cost, in words."""
    parts = []
    if told["items"] is not None:
        rows = "row" if told["items"] == 1 else "rows"
        parts.append(f"{'' if told['exact'] else 'about '}{told['items']:,} {rows}")
    if told["bytes"] is not None:
        parts.append(out.size(told["bytes"]))
    if told["seconds"] is not None:
        time = "under a second" if told["seconds"] < 1 else f"about {out.duration(told['seconds'])}"
        parts.append(f"{time} on one worker")
    else:
        parts.append("time unknown until this version was measured")
    return ", ".join(parts)


@batch.command(name="list")
@limit_option
@which_options([*State, PAUSED])
@json_option
def list_(limit: int, as_json: bool, **asked: Any) -> None:
    """List batches, the newest first. Paused ones are in_progress or validating as well.

    Example: penstock batch list --status failed --status expired --since 7d
    """
    told = http.pages("/v1/batches", limit, **which(**asked))
    lines = []
    for one in told:
        counts = one["request_counts"]
        done = f"{counts['completed']:,}/{counts['total']:,}"
        state = "paused" if _waits(one) else one["status"]
        lines.append(f"{one['id']}  {_at(one['created_at'])}  {state:11}  {done}")
    out.tell(told, as_json, lines)


@batch.command()
@click.argument("id")
@json_option
def show(id: str, as_json: bool) -> None:
    """Show a batch: its state, its counts, its times, and what went wrong.

    Example: penstock batch show batch_0123
    """
    from jobs.cli import watch

    told = http.call("GET", f"/v1/batches/{id}")
    out.tell(told, as_json, [*watch.summary(told), "", *out.table(_details(told))])


def _waits(told: dict[str, Any]) -> bool:
    """Whether somebody has to resume it; one that was paused and has ended stays so."""
    return told["paused"] and told["status"] not in FINISHED


def _details(told: dict[str, Any]) -> list[tuple[str, object]]:
    counts = told["request_counts"]
    pairs = [f"{name}={value}" for name, value in told["metadata"].items()]
    rows: list[tuple[str, object]] = [
        ("model", f"{told['model']}:{told['version']}"),
        ("manifest", told["input_url"] or told["input_file_id"]),
        ("hardware", told["hardware"]),
        ("priority", told["priority"]),
        ("paused", "yes; penstock batch resume goes on" if _waits(told) else None),
        ("destination", told["destination"]),
        ("estimate", estimate(told["estimate"])),
        ("pending", f"{counts['pending']:,}, {counts['running']:,} of them in running attempts"),
        ("metadata", ", ".join(pairs)),
        ("retry of", told["parent"]),
    ]
    for state in ("created", "in_progress", "finalizing", "completed", "failed", "cancelling"):
        rows.append((state, _at(told[f"{state}_at"])))
    rows += [(state, _at(told[f"{state}_at"])) for state in ("cancelled", "expired")]
    ended = told["status"] in ("completed", "failed", "cancelled", "expired")
    return rows if ended else [*rows, ("expires", _at(told["expires_at"]))]


def _at(second: int | None) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d %H:%M:%S} UTC" if second else ""


@batch.command()
@click.argument("id")
@json_option
def watch(id: str, as_json: bool) -> None:
    """Show progress until the batch ends; Ctrl-C leaves the batch running.

    Exit 3 if rows failed, 4 if it did not complete, 5 if its destination took no results.

    Example: penstock batch watch batch_0123
    """
    from jobs.cli import watch as watching

    watching.watch(id, as_json)


@batch.command()
@click.argument("id")
@json_option
def pause(id: str, as_json: bool) -> None:
    """Run no more of its rows for now; it still expires. What is done is kept.

    Example: penstock batch pause batch_0123
    """
    told = http.call("POST", f"/v1/batches/{id}/pause")
    out.tell(told, as_json, [f"{id} is paused; go on with: penstock batch resume {id}"])


@batch.command()
@click.argument("id")
@json_option
def resume(id: str, as_json: bool) -> None:
    """Go on with a batch that was paused.

    Example: penstock batch resume batch_0123
    """
    told = http.call("POST", f"/v1/batches/{id}/resume")
    out.tell(told, as_json, [f"{id} is {told['status']}"])


@batch.command()
@click.argument("id")
@json_option
def cancel(id: str, as_json: bool) -> None:
    """Stop a batch and keep what is done.

    Example: penstock batch cancel batch_0123
    """
    told = http.call("POST", f"/v1/batches/{id}/cancel")
    out.tell(told, as_json, [f"{id} is {told['status']}"])


@batch.command()
@click.argument("id")
@json_option
def delete(id: str, as_json: bool) -> None:
    """Remove a batch that has ended, its results and its webhooks still on their way, for good.

    Results that were written to a destination are not touched.

    Example: penstock batch delete batch_0123
    """
    http.call("DELETE", f"/v1/batches/{id}")
    out.tell({"id": id, "deleted": True}, as_json, [f"{id} is gone"])


@batch.command(name="retry-failed")
@click.argument("id")
@click.option("--idempotency-key", help="The same key gives the same child.")
@json_option
def retry_failed(id: str, idempotency_key: str | None, as_json: bool) -> None:
    """Make a child batch of the rows that gave no output; prints its id.

    Example: penstock batch retry-failed batch_0123
    """
    headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
    told = http.call("POST", f"/v1/batches/{id}/retry-failed", headers=headers)
    out.tell(told, as_json, [told["id"]])


@batch.command()
@click.argument("id")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder for them. Default: the current one.",
)
@click.option("--files", "with_files", is_flag=True, help="Also what rows gave as files.")
@json_option
def results(id: str, output: Path, with_files: bool, as_json: bool) -> None:
    """Download output.jsonl, errors.jsonl and index.json; with --files, output files too.

    A file is there whole or not at all, and has the hash that index.json says. Files of rows lie
    in files/ROW/NAME; those that are there already are not downloaded again. A folder that has
    another batch's results is left as it is. Of a batch whose manifest was refused, the problems
    are downloaded, and the exit code is 4.

    Example: penstock batch results batch_0123 --output results/ --files
    """
    from jobs.cli.results import fetch
    from jobs.cli.watch import NOT_COMPLETED

    fetched = fetch(id, output, with_files)
    out.tell([str(path) for path in fetched.paths], as_json, map(str, fetched.shown))
    if fetched.refused:
        raise SystemExit(NOT_COMPLETED)
