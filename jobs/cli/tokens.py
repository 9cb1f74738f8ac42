"""API tokens, made on the server's own machine: the database is opened, not the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from jobs.cli import http, out
from jobs.cli.out import json_option
from jobs.core.errors import JobsError

if TYPE_CHECKING:
    from jobs.services.tokens import Tokens


@click.group()
def token() -> None:
    """Make, list and revoke API tokens; run it where the server runs, with its settings.

    Example: penstock token create ci --bucket inputs/daily
    """


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
@json_option
def create(name: str, owner: str, buckets: tuple[str, ...], as_json: bool) -> None:
    """Make a token and print it; it is not shown again.

    Example: penstock token create ci --bucket inputs/daily --bucket results
    """
    with _tokens() as tokens:
        made = tokens.create(name, owner, buckets)
    out.tell({"token": made}, as_json, [made])


@token.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """List tokens by the first digits of their hash.

    Example: penstock token list
    """
    with _tokens() as tokens:
        told = tokens.all()
    out.tell(told, as_json, map(_line, told))


def _line(one: dict[str, Any]) -> str:
    return (
        f"{one['id']}  {one['owner']}  {one['name']}  {', '.join(one['buckets']) or 'no buckets'}"
    )


@token.command()
@click.argument("id")
@json_option
def revoke(id: str, as_json: bool) -> None:
    """Make a token worthless.

    Example: penstock token revoke 1f2e3d4c5b6a
    """
    with _tokens() as tokens:
        tokens.revoke(id)
    out.tell({"id": id, "revoked": True}, as_json, [f"{id} is revoked"])


@token.command()
@json_option
def show(as_json: bool) -> None:
    """Print the token that this shell would use.

    Example: export PENSTOCK_TOKEN=$(penstock token show)
    """
    found = http.token()
    out.tell({"token": found}, as_json, [found])
