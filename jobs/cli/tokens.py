"""API tokens, made on the server's own machine: the database is opened, not the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from jobs.cli import here, http, out
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
    try:
        yield here.wiring().tokens
    except JobsError as error:
        raise http.CliError(str(error), http.CANNOT_RUN) from error


@token.command()
@click.argument("name")
@click.option("--owner", default="local", show_default=True, help="Whose things it can see.")
@click.option(
    "--bucket", "buckets", multiple=True, metavar="BUCKET[/PREFIX]", help="What s3:// may name."
)
@click.option(
    "--limit", "limits", multiple=True, metavar="NAME=NUMBER", help="See penstock token limit."
)
@click.option("--no-promote", is_flag=True, help="It may push and test, but not move live.")
@json_option
def create(
    name: str,
    owner: str,
    buckets: tuple[str, ...],
    limits: tuple[str, ...],
    no_promote: bool,
    as_json: bool,
) -> None:
    """Make a token and print it; it is not shown again. --json tells its id, too.

    Example: penstock token create ci --bucket inputs/daily --limit batches=5
    """
    with _tokens() as tokens:
        made = tokens.create(name, owner, buckets, limits, promotes=not no_promote)
        told = {"id": tokens.id(made), "token": made}
    out.tell(told, as_json, [made])


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
    limits = [f"{name}={most:g}" for name, most in one["limits"].items() if most is not None]
    parts = [", ".join(one["buckets"]) or "no buckets", ", ".join(limits) or "no limits"]
    parts += [] if one["promotes"] else ["may not promote"]
    return "  ".join((one["id"], one["owner"], one["name"], *parts))


@token.command()
@click.argument("id")
@click.argument("limits", nargs=-1, required=True, metavar="NAME=NUMBER...")
@json_option
def limit(id: str, limits: tuple[str, ...], as_json: bool) -> None:
    """Change what a token may have at a time; a request beyond it is told to come again later.

    NAME is requests_per_s, or batches, rows or predictions that have not ended. NAME=none is no
    limit, NAME=default what PENSTOCK_MAX_... says for all tokens.

    Example: penstock token limit 1f2e3d4c5b6a requests_per_s=20 batches=5 rows=2000000
    """
    with _tokens() as tokens:
        tokens.limit(id, limits)
    out.tell({"id": id, "limits": limits}, as_json, [f"{id} has {', '.join(limits)}"])


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
