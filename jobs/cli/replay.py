"""Sending deliveries again: one by its id, or a range, lot after lot."""

from datetime import UTC, datetime
from typing import Any

import click

from jobs.cli import http, out
from jobs.cli.lists import moment_option
from jobs.cli.out import json_option


@click.command()
@click.argument("delivery", required=False)
@moment_option("--since", "From here on: 2030-01-31T12:00:00Z, or 2h ago.")
@moment_option("--until", "To before this. Default: now.")
@click.option("--subject", metavar="ID", help="Of one batch or prediction alone.")
@click.option("--missing", is_flag=True, help="What was not delivered, dead letters included.")
@json_option
def replay(delivery: str | None, as_json: bool, **range: Any) -> None:
    """Send a delivery again, or all of a range, under the ids and with the bytes they had.

    Receivers that remember ids drop what they handled; so --missing is safe to repeat. A time
    without a zone is in UTC; 30m, 2h, 3d and 1w are so long ago.

    \b
    Example: penstock webhooks replay dlv_0123
             penstock webhooks replay --missing --since 2d
             penstock webhooks replay --since 2030-01-31T12:00Z --until 2030-01-31T14:00Z
    """
    given = {name: value for name, value in range.items() if value}
    if bool(delivery) is bool(given):
        raise click.UsageError("name one DELIVERY, or a range by --since, --subject or --missing")
    if delivery:
        told = http.call("POST", f"/v1/deliveries/{delivery}/replay")
        when = f", {next_try(told)}" if told.get("waits_for") else ""
        out.tell(told, as_json, [f"{told['id']} goes out again as {told['event']}{when}"])
        return
    count = _all(given)
    what = "delivery goes" if count == 1 else "deliveries go"
    out.tell({"replayed": count}, as_json, [f"{count:,} {what} out again"])


def next_try(delivery: dict[str, Any]) -> str:
    """When one that is pending is tried."""
    first, at = delivery.get("waits_for"), delivery.get("next_attempt_at")
    if first:
        return f"waits for {first}, which comes before it"
    if not at:
        return "next: soon"
    moment = datetime.fromisoformat(at)
    return "next: now" if moment <= datetime.now(UTC) else f"next: {moment:%Y-%m-%d %H:%M:%S} UTC"


def _all(range: dict[str, Any]) -> int:
    """Lot after lot, until there is none; the range ends where it did at the first."""
    count, told = 0, {"after": None}
    while True:
        told = http.call("POST", "/v1/deliveries/replay", json=range | told)
        count += int(told.pop("replayed"))
        if told["after"] is None:
            return count
