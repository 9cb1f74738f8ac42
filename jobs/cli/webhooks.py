"""Webhooks from the command line."""

import json

import click

from jobs.cli import http


@click.group()
def webhooks() -> None:
    """The signing secret, and what became of deliveries."""


@webhooks.command()
def secret() -> None:
    """Print the secret that receivers verify with.

    Example: export PENSTOCK_WEBHOOK_SECRET=$(penstock webhooks secret)
    """
    click.echo(http.call("GET", "/v1/webhooks/default/secret")["key"])


@webhooks.command()
@click.argument("subject", required=False)
@click.option("--json", "as_json", is_flag=True)
def deliveries(subject: str | None, as_json: bool) -> None:
    """List deliveries, newest first, of one batch or prediction or of all.

    Example: penstock webhooks deliveries batch_0123
    """
    query = {"subject": subject} if subject else {}
    told = http.call("GET", "/v1/deliveries", params=query)["results"]
    if as_json:
        click.echo(json.dumps(told))
        return
    for one in told:
        last = one["attempts"][-1] if one["attempts"] else {}
        came = last.get("error") or last.get("status") or "not sent yet"
        tries = f"{len(one['attempts'])} attempts"
        click.echo(f"{one['subject']}  {one['type']}  {one['state']}  {tries}, last: {came}")
