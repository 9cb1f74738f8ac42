"""The doctor: is everything there that the settings name?"""

import json
from dataclasses import asdict

import click

from jobs.cli import http
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

    from jobs import config
    from jobs.doctor import examine
    from jobs.wiring import Wiring

    try:
        settings = config.load(data=http.data_folder(), url=http.listened_at())
        findings = examine(Wiring(settings))
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
        click.echo(json.dumps([asdict(one) for one in found]))
    if any(one.state == "fail" for one in found):
        raise SystemExit(1)
