"""One prediction from the command line."""

import json
from pathlib import Path
from typing import Any

import click

from jobs.cli import http


@click.command()
@click.argument("ref", metavar="MODEL")
@click.option("-i", "--input", "pairs", multiple=True, metavar="NAME=VALUE")
@click.option("--json", "as_json", is_flag=True, help="Print the whole prediction as JSON.")
def predict(ref: str, pairs: tuple[str, ...], as_json: bool) -> None:
    """Run one input through a version and wait for it.

    A value is JSON where it can be read as JSON, text else; @FILE uploads a file.

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
    if value.startswith("@"):
        return name, http.upload(Path(value[1:]))
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
