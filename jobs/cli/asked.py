"""Single predictions that were asked for already: list them, look at one, stop one."""

import json

import click

from jobs.cli import http, out
from jobs.cli.out import json_option

#: of an output, so much is shown; --json has all of it
OUTPUT_LETTERS = 2000
LOG_LINES = 20


@click.group()
def predictions() -> None:
    """Look at single predictions, and stop them.

    Example: penstock predictions list
    """


@predictions.command("list")
@click.option("--limit", default=20, show_default=True, help="How many, the newest first.")
@json_option
def list_(limit: int, as_json: bool) -> None:
    """List single predictions, the newest first; rows of batches are not among them.

    Example: penstock predictions list --limit 100
    """
    told = http.pages("/v1/predictions", limit)
    lines = (
        f"{one['id']}  {one['status']:10}  {one['created_at']}  {one['model']}" for one in told
    )
    out.tell(told, as_json, lines)


@predictions.command()
@click.argument("id")
@json_option
def show(id: str, as_json: bool) -> None:
    """Show one prediction, and the end of what it printed. Its input is in --json alone.

    Example: penstock predictions show pred_0198...
    """
    one = http.call("GET", f"/v1/predictions/{id}")
    output = None if one["output"] is None else json.dumps(one["output"], ensure_ascii=False)
    rows = [
        ("prediction", one["id"]),
        ("status", one["status"]),
        ("of", f"{one['model']}:{one['version']}"),
        ("created", one["created_at"]),
        ("started", one["started_at"]),
        ("ended", one["completed_at"]),
        ("output", output and output[:OUTPUT_LETTERS]),
        ("error", one["error"]),
    ]
    out.tell(one, as_json, [*out.table(rows), *one["logs"].splitlines()[-LOG_LINES:]])


@predictions.command()
@click.argument("id")
@json_option
def cancel(id: str, as_json: bool) -> None:
    """Stop a prediction; one that has ended stays as it is.

    Example: penstock predictions cancel pred_0198...
    """
    told = http.call("POST", f"/v1/predictions/{id}/cancel")
    out.tell(told, as_json, [f"{id} {told['status']}"])
