"""Removing what is old, on the server's own machine: the database is opened, not the API."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from jobs.cli import here, http, out
from jobs.cli.out import json_option
from jobs.core.errors import JobsError

if TYPE_CHECKING:
    from jobs.worker.purge import Purge, Removed

_UNITS = {"h": 1, "d": 24, "w": 24 * 7}
_AGE = re.compile(rf"(\d{{1,5}})([{''.join(_UNITS)}])", re.ASCII)
LOT, MOST = 100, 1_000_000


@click.command()
@click.option("--older-than", required=True, metavar="AGE", help="Such as 30d, 12h or 8w.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@json_option
def purge(older_than: str, dry_run: bool, as_json: bool) -> None:
    """Remove batches and predictions that ended so long ago, and uploads as old, for good.

    What a webhook is still owed for stays, and so does a batch whose rows are being retried.
    Results that were written to a destination are not touched. PENSTOCK_RETENTION_DAYS has the
    same done all the time.

    Example: penstock purge --older-than 30d --dry-run
    """
    age = _age(older_than)
    with _purge() as (made, at):
        if dry_run:
            removed = made.count(at - age, MOST)
        else:
            removed = _all(made, at - age)
            made.empty()
    told = asdict(removed)
    verb = "(would go)" if dry_run else "(gone)"
    out.tell(told, as_json, [f"{', '.join(f'{what}: {n:,}' for what, n in told.items())} {verb}"])


def _age(text: str) -> timedelta:
    found = _AGE.fullmatch(text)
    if found is None:
        raise click.UsageError(f"--older-than is a number of h, d or w, such as 30d, not {text!r}")
    return timedelta(hours=int(found[1]) * _UNITS[found[2]])


def _all(made: "Purge", before: datetime) -> "Removed":
    """Lot after lot, until there is none."""
    total = made.older(before, LOT)
    while any(asdict(some := made.older(before, LOT)).values()):
        total = type(some)(*(asdict(total)[key] + value for key, value in asdict(some).items()))
    return total


@contextmanager
def _purge() -> "Iterator[tuple[Purge, datetime]]":
    try:
        made = here.wiring().purge()
        from jobs.wiring import clock

        yield made, clock()
    except JobsError as error:
        raise http.CliError(str(error), http.CANNOT_RUN) from error
