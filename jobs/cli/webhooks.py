"""Webhooks from the command line."""

from typing import Any

import click

from jobs.cli import http, out
from jobs.cli.endpoints import endpoints
from jobs.cli.listen import listen
from jobs.cli.out import json_option
from jobs.cli.replay import next_try, replay
from jobs.cli.send_test import send_test


@click.group()
def webhooks() -> None:
    """Where events go, here too, what signs them, what became of deliveries; send them again.

    Example: penstock webhooks deliveries
    """


webhooks.add_command(endpoints)
webhooks.add_command(send_test)
webhooks.add_command(listen)
webhooks.add_command(replay)


@webhooks.command()
@json_option
def secret(as_json: bool) -> None:
    """Print the secret that receivers verify with.

    Example: export PENSTOCK_WEBHOOK_SECRET=$(penstock webhooks secret)
    """
    told = http.call("GET", "/v1/webhooks/default/secret")
    out.tell(told, as_json, [told["key"]])


@webhooks.command()
@click.argument("subject", required=False)
@click.option("--endpoint", metavar="ID", help="Only those to this endpoint.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100_000))
@json_option
def deliveries(subject: str | None, endpoint: str | None, limit: int, as_json: bool) -> None:
    """List deliveries, newest first, of one batch or prediction or of all.

    Example: penstock webhooks deliveries batch_0123
    """
    asked = {"subject": subject, "endpoint": endpoint}
    query = {name: value for name, value in asked.items() if value}
    told = http.pages("/v1/deliveries", limit, **query)
    out.tell(told, as_json, map(_line, told))


@webhooks.command()
@click.argument("subject", required=False)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100_000))
@json_option
def dead(subject: str | None, limit: int, as_json: bool) -> None:
    """List dead letters, newest first: deliveries that were given up after the last attempt.

    They are kept until what they are about is removed; `penstock webhooks replay` sends one again.

    Example: penstock webhooks dead --limit 100
    """
    asked = {"state": "exhausted", **({"subject": subject} if subject else {})}
    told = http.pages("/v1/deliveries", limit, **asked)
    out.tell(told, as_json, map(_line, told))


def _line(one: dict[str, Any]) -> str:
    last = one["attempts"][-1] if one["attempts"] else {}
    came = last.get("error") or last.get("status") or "not sent yet"
    count = len(one["attempts"])
    tries = f"{count} attempt{'s' * (count != 1)}"
    # one event may go to the address that a batch names and to endpoints
    to = f" to {one['endpoint']}" if one.get("endpoint") else ""
    what = f"{one['id']}  {one['subject']}  {one['type']}{to}"
    told = f"{what}  {one['state']}  {tries}, last: {came}"
    return f"{told}, {next_try(one)}" if one["state"] == "pending" else told
