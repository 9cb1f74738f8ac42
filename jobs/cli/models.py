"""Models from the command line: push, look, promote, roll back."""

from pathlib import Path
from typing import Any

import click

from jobs.cli import http, out
from jobs.cli.digests import whole
from jobs.cli.out import json_option


def _checked(model: str) -> str:
    if model.count("/") != 1:
        raise click.UsageError(f"a model is written owner/name, not {model!r}")
    return model


@click.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("model")
@click.option("--promote", "live", is_flag=True, help="Move live to it as well.")
@click.option("--hardware", metavar="NAME", help="The class of workers it needs, such as a100.")
@json_option
def push(path: Path, model: str, live: bool, hardware: str | None, as_json: bool) -> None:
    """Push a Cog folder as a version; only files the server lacks are sent.

    The first version of a model goes live at once; later ones go to staging.

    Example: penstock push examples/models/hello demo/hello
    """
    from jobs.cli.push import send

    version = send(path, _checked(model), live=live, hardware=hardware)
    line = f"{model}:{version['id']} is {' and '.join(version['aliases'])}"
    out.tell(version, as_json, [line])


@click.command()
@click.argument("model", required=False)
@json_option
def models(model: str | None, as_json: bool) -> None:
    """List your models and what their aliases name, or show one of them.

    Example: penstock models demo/hello
    """
    if model is None:
        told = http.pages("/v1/models", 100_000)
        for one in told:
            one["latest_version"] = one["latest_version"] and _brief(one["latest_version"])
        out.tell(told, as_json, (f"{_name(one)}  {_aliases(one)}" for one in told))
        return
    one = http.call("GET", f"/v1/models/{_checked(model)}")
    # `latest_version` is what callers begin with: the live one, where there is one
    newest = http.pages(f"/v1/models/{model}/versions", 1)
    rows = [
        ("model", _name(one)),
        ("live", one["aliases"]["live"] or "nothing"),
        ("staging", one["aliases"]["staging"] or "nothing"),
        ("newest", f"{newest[0]['id']} ({newest[0]['state']})" if newest else "no version yet"),
    ]
    out.tell(one, as_json, [*out.table(rows), *_next(one)])


def _brief(version: dict[str, Any]) -> dict[str, Any]:
    """A version in a list: without its document, which is longer than all the rest together."""
    return {name: value for name, value in version.items() if name != "openapi_schema"}


def _name(one: dict[str, Any]) -> str:
    return f"{one['owner']}/{one['name']}"


def _aliases(one: dict[str, Any]) -> str:
    return "  ".join(f"{name} {(digest or '-')[:12]}" for name, digest in one["aliases"].items())


def _next(one: dict[str, Any]) -> list[str]:
    staging, newest = one["aliases"]["staging"], one["latest_version"]
    ready = newest["id"] if newest is not None and newest["state"] == "ready" else None
    if one["aliases"]["live"] is not None or not (staging or ready):
        return []
    return [f"make it live: penstock promote {_name(one)} {staging or ready}"]


@click.command()
@click.argument("model")
@click.argument("digest", required=False)
@json_option
def versions(model: str, digest: str | None, as_json: bool) -> None:
    """List a model's versions, newest first, or show one of them with its inputs.

    Of a digest, 8 letters or more will do.
    With --json the OpenAPI document is told of a single one alone.

    Example: penstock versions demo/hello
    """
    base = f"/v1/models/{_checked(model)}/versions"
    if digest is None:
        told = [_brief(one) for one in http.pages(base, 100_000)]
        lines = (f"{one['id']}  {one['state']:9}  {one['created_at']}" for one in told)
        out.tell(told, as_json, lines)
        return
    one = http.call("GET", f"{base}/{whole(model, digest)}")
    seconds = one["seconds_per_item"]
    rows = [
        ("version", f"{model}:{one['id']}"),
        ("state", one["state"]),
        ("pushed", one["created_at"]),
        ("pace", f"{out.duration(seconds)} a row" if seconds else "not measured yet"),
        ("error", one["error"]),
    ]
    out.tell(one, as_json, [*out.table(rows), *_inputs(one), *one["logs"].splitlines()[-20:]])


def _inputs(one: dict[str, Any]) -> list[str]:
    schemas = ((one["openapi_schema"] or {}).get("components") or {}).get("schemas") or {}
    shape = schemas.get("Input") or {}
    needed = shape.get("required", [])
    return [
        f"  {name}{' (required)' if name in needed else ''}: {_kind(field)}"
        f"  {field.get('description', '')}".rstrip()
        for name, field in shape.get("properties", {}).items()
    ]


def _kind(field: dict[str, Any]) -> str:
    if field.get("format") == "uri":
        return "file"
    return str(field.get("type") or "choice")


@click.command()
@click.argument("model")
@click.argument("digest")
@click.option("--expected", help="Refuse if live names another digest than this.")
@json_option
def promote(model: str, digest: str, expected: str | None, as_json: bool) -> None:
    """Make a version live; of its digest, 8 letters or more will do.

    Example: penstock promote demo/hello 3f5a02c1
    """
    body = {"version": whole(_checked(model), digest)}
    if expected:
        body["expected"] = whole(model, expected)
    told = http.call("PUT", f"/v1/models/{model}/aliases/live", json=body)
    out.tell(told, as_json, [f"live is {told['version']} (was {told['previous'] or 'nothing'})"])


@click.command()
@click.argument("model")
@json_option
def rollback(model: str, as_json: bool) -> None:
    """Make live what was live before.

    Example: penstock rollback demo/hello
    """
    try:
        told = http.call("POST", f"/v1/models/{_checked(model)}/aliases/live/rollback")
    except http.CliError as error:
        if error.exit_code != http.CONFLICT:
            raise
        forward = f"`penstock promote {model} DIGEST` goes forward again"
        raise http.CliError(f"{error.message}; {forward}", error.exit_code) from error
    out.tell(told, as_json, [f"live is {told['version']} (was {told['previous']})"])
    if not as_json:
        out.note(f"to go forward again: penstock promote {model} {told['previous'][:12]}")
