"""API tokens, made on the server's own machine: the database is opened, not the API."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from jobs.cli import http
from jobs.core.errors import JobsError

if TYPE_CHECKING:
    from jobs.services.tokens import Tokens


@click.group()
def token() -> None:
    """Make, list and revoke API tokens; run it where the server runs, with its settings."""


@contextmanager
def _tokens() -> "Iterator[Tokens]":
    from jobs import config
    from jobs.wiring import Wiring

    try:
        yield Wiring(config.load(data=http.data_folder())).services.tokens
    except JobsError as error:
        raise http.CliError(str(error), http.CANNOT_RUN) from error


@token.command()
@click.argument("name")
@click.option("--owner", default="local", show_default=True, help="Whose things it can see.")
@click.option(
    "--bucket", "buckets", multiple=True, metavar="BUCKET[/PREFIX]", help="What s3:// may name."
)
@click.option("--json", "as_json", is_flag=True)
def create(name: str, owner: str, buckets: tuple[str, ...], as_json: bool) -> None:
    """Make a token and print it; it is not shown again.

    Example: penstock token create ci --bucket inputs/daily --bucket results
    """
    with _tokens() as tokens:
        made = tokens.create(name, owner, buckets)
    click.echo(json.dumps({"token": made}) if as_json else made)


@token.command(name="list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """List tokens by the first digits of their hash.

    Example: penstock token list
    """
    with _tokens() as tokens:
        told = tokens.all()
    if as_json:
        click.echo(json.dumps(told))
        return
    for one in told:
        buckets = ", ".join(one["buckets"]) or "no buckets"
        click.echo(f"{one['id']}  {one['owner']}  {one['name']}  {buckets}")


@token.command()
@click.argument("id")
def revoke(id: str) -> None:
    """Make a token worthless.

    Example: penstock token revoke 1f2e3d4c5b6a
    """
    with _tokens() as tokens:
        tokens.revoke(id)
    click.echo(f"{id} is revoked")


@token.command()
def show() -> None:
    """Print the token that this shell would use.

    Example: export PENSTOCK_TOKEN=$(penstock token show)
    """
    click.echo(http.token())
