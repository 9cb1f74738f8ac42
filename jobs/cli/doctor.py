"""The doctor: is everything there that the settings name?"""

from dataclasses import asdict

import click

from jobs.cli import here, http, out
from jobs.cli.out import json_option
from jobs.core.errors import JobsError

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Try the database, broker, object store and model host; exit 1 if one of them fails.

    Run it where the server or a worker runs, with its settings.

    Example: penstock doctor
    """
    from rich.console import Console

    try:
        made = here.wiring(http.listened_at())
        from jobs.doctor import examine

        findings = examine(made)
    except JobsError as error:
        raise http.CliError(str(error), http.CANNOT_RUN) from error
    console, found = Console(), []
    for one in findings:
        found.append(one)
        if not as_json:
            mark = f"[{COLOURS[one.state]}]{one.state:4}[/]"
            console.print(f"{mark}  {one.check:12} ", end="", highlight=False)
            console.print(one.message, markup=False, highlight=False, soft_wrap=True)
    if as_json:
        out.tell_json([asdict(one) for one in found])
    if any(one.state == "fail" for one in found):
        raise SystemExit(1)
