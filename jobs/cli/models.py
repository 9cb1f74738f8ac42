"""Models from the command line: push, look, promote, roll back."""

import json
from pathlib import Path

import click

from jobs.cli import http


def _example(model: str) -> None:
    if model.count("/") != 1:
        raise click.UsageError("a model is written owner/name")


@click.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("model")
@click.option("--promote", "live", is_flag=True, help="Move live to it as well.")
@click.option("--json", "as_json", is_flag=True)
def push(path: Path, model: str, live: bool, as_json: bool) -> None:
    """Push a Cog folder as a version; only files the server lacks are sent.

    The first version of a model goes live at once; later ones go to staging.

    Example: penstock push examples/models/hello demo/hello
    """
    _example(model)
    from jobs.cli.push import send

    version = send(path, model, live=live)
    if as_json:
        click.echo(json.dumps(version))
    else:
        click.echo(f"{model}:{version['id']} is {' and '.join(version['aliases'])}")


@click.command()
@click.option("--json", "as_json", is_flag=True)
def models(as_json: bool) -> None:
    """List models and what their aliases name.

    Example: penstock models
    """
    told = http.call("GET", "/v1/models")["results"]
    if as_json:
        click.echo(json.dumps(told))
        return
    for one in told:
        names = {alias: (digest or "-")[:12] for alias, digest in one["aliases"].items()}
        click.echo(
            f"{one['owner']}/{one['name']}  " + "  ".join(f"{a} {d}" for a, d in names.items())
        )


@click.command()
@click.argument("model")
@click.option("--json", "as_json", is_flag=True)
def versions(model: str, as_json: bool) -> None:
    """List a model's versions, newest first.

    Example: penstock versions demo/hello
    """
    _example(model)
    told = http.call("GET", f"/v1/models/{model}/versions")["results"]
    if as_json:
        click.echo(json.dumps(told))
        return
    for one in told:
        click.echo(f"{one['id']}  {one['state']}  {one['created_at']}")


@click.command()
@click.argument("model")
@click.argument("digest")
@click.option("--expected", help="Refuse if live names another digest than this.")
def promote(model: str, digest: str, expected: str | None) -> None:
    """Make a version live.

    Example: penstock promote demo/hello DIGEST
    """
    _example(model)
    body = {"version": digest} | ({"expected": expected} if expected else {})
    told = http.call("PUT", f"/v1/models/{model}/aliases/live", json=body)
    click.echo(f"live is {told['version']} (was {told['previous'] or 'nothing'})")


@click.command()
@click.argument("model")
def rollback(model: str) -> None:
    """Make live what was live before.

    Example: penstock rollback demo/hello
    """
    _example(model)
    told = http.call("POST", f"/v1/models/{model}/aliases/live/rollback")
    click.echo(f"live is {told['version']} (was {told['previous']})")
