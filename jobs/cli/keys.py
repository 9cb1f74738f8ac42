"""The keys that seal secrets, on the server's own machine: the database is opened, not the API."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from jobs.cli import here, http, out
from jobs.cli.out import json_option
from jobs.core.errors import JobsError

if TYPE_CHECKING:
    from jobs.core.seals import Lost
    from jobs.services.seals import Seals

#: owners, or endpoints, that are named to people
MOST_NAMED = 20


@click.group()
def keys() -> None:
    """Look after the keys that seal secrets; run it where the server runs, with its settings.

    Example: penstock keys renew
    """


@keys.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def renew(yes: bool, as_json: bool) -> None:
    """Begin anew where the key is lost for good: what no key opens gets a new secret.

    Says what that is, and asks. The key is PENSTOCK_SECRET_KEYS, its newest, or secret.key in the
    data folder, which is made. Stop every process of the server first, and start it again after.

    Example: penstock keys renew
    """
    with _seals() as (seals, place):
        lost = seals.lost()
        if not lost:
            out.tell(_told(lost), as_json, [f"{place} opens all that is sealed; nothing was done"])
            return
        for line in _warning(lost, place, made=not seals.has_key):
            out.note(line)
        if not yes:
            click.confirm("Begin anew?", abort=True, err=True)
        lost = seals.renew()
    lines = [f"what is sealed opens with {place} now; keep a copy of that key", *_next(lost)]
    out.tell(_told(lost), as_json, lines)


@contextmanager
def _seals() -> "Iterator[tuple[Seals, str]]":
    """With the place of the keys; nobody else works on this data folder meanwhile."""
    try:
        from jobs.processes import held

        made = here.wiring()
        seals = made.seals
        given, folder = made.settings.secret_keys, made.settings.data
        with held(folder / "lock"):
            yield seals, "PENSTOCK_SECRET_KEYS" if given else str(folder / "secret.key")
    except JobsError as error:
        raise http.CliError(str(error), http.CANNOT_RUN) from error


def _warning(lost: "Lost", place: str, *, made: bool) -> Iterator[str]:
    yield f"{place} {'holds no key' if made else 'does not open everything'}; this is lost:"
    if lost.owners:
        yield f"  webhook secrets of owners: {_named(lost.owners)}"
    if lost.endpoints:
        yield f"  webhook secrets of endpoints: {_named(map(' of '.join, lost.endpoints))}"
    if lost.tried:
        yield "  what processes try their keys on when they start"
    if made:
        yield "A new key is made."
    yield "What is lost begins anew. Receivers refuse what comes until they know their new secret."
    if lost.owners:
        yield "Addresses of uploads that were given out (urls.download) let nobody in any more."
    yield "Nothing else is sealed: tokens, models, batches, predictions and files stay."
    yield "If the key is in a backup, put that back instead: then nothing is lost."


def _next(lost: "Lost") -> Iterator[str]:
    yield "start the server again, all of its processes with this key"
    if lost.owners:
        told = "penstock webhooks secret, with a token of each of these"
        yield f"new secrets of owners: {told}: {_named(lost.owners)}"
    for id, owner in lost.endpoints[:MOST_NAMED]:
        yield f"new secret, with a token of {owner}: penstock webhooks endpoints secret {id}"
    if lost.owners or lost.endpoints:
        yield "what was given up meanwhile: penstock webhooks replay --missing"


def _named(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - MOST_NAMED
    return ", ".join(every[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _told(lost: "Lost") -> dict[str, Any]:
    endpoints = [{"id": id, "owner": owner} for id, owner in lost.endpoints]
    return {"renewed": bool(lost), "owners": list(lost.owners), "endpoints": endpoints}
