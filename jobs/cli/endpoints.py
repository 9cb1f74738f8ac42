"""Standing endpoints from the command line."""

import time
from typing import Any

import click

from jobs.cli import http, out
from jobs.cli.out import json_option
from jobs.core.events import FORMATS

PLACE = "/v1/webhooks/endpoints"
#: an attempt is over after 15 s, and begins as soon as a deliverer looks
TEST_S, POLL_S = 25.0, 0.2
#: what takes away a limit, or a text
NONE = "none"
UNAUTHORIZED = 401


@click.group()
def endpoints() -> None:
    """Addresses that are told of all your events, whatever a batch or a prediction names.

    Example: penstock webhooks endpoints create https://example.com/hook --event 'batch.*'
    """


event_option = click.option(
    "--event",
    "events",
    multiple=True,
    metavar="TYPE",
    help="What it is told of, such as batch.completed or 'batch.*'; may be given several times.",
)
description_option = click.option("--description", help="A text of yours to know it by.")
rate_option = click.option(
    "--rate", metavar="NUMBER", help="Attempts a second at most; 'none': no limit of its own."
)
concurrency_option = click.option(
    "--concurrency", metavar="NUMBER", help="Attempts at once at most; 'none': no limit of its own."
)


format_option = click.option(
    "--format",
    "words",
    type=click.Choice(FORMATS),
    help="Whose words it is told in: openai's are for receivers that use OpenAI's client.",
)


@endpoints.command()
@click.argument("url")
@event_option
@format_option
@description_option
@rate_option
@concurrency_option
@json_option
def create(url: str, as_json: bool, **given: Any) -> None:
    """Have events sent to URL from now on; prints the endpoint, and the secret that signs for it.

    Example: penstock webhooks endpoints create https://example.com/hook --event 'batch.*'
    """
    told = http.call("POST", PLACE, json={"url": url} | _fields(**given))
    out.tell(told, as_json, [*_table(told), "", *_secret(told)])


@endpoints.command(name="list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100_000))
@json_option
def list_(limit: int, as_json: bool) -> None:
    """List your endpoints, newest first.

    Example: penstock webhooks endpoints list
    """
    told = http.pages(PLACE, limit)
    out.tell(told, as_json, map(_line, told))


@endpoints.command()
@click.argument("id")
@json_option
def show(id: str, as_json: bool) -> None:
    """Show one endpoint; its secret is not shown.

    Example: penstock webhooks endpoints show ep_0123
    """
    told = http.call("GET", f"{PLACE}/{id}")
    out.tell(told, as_json, _table(told))


@endpoints.command()
@click.argument("id")
@json_option
def secret(id: str, as_json: bool) -> None:
    """Print the newest secret of an endpoint.

    Example: export PENSTOCK_WEBHOOK_SECRET=$(penstock webhooks endpoints secret ep_0123)
    """
    told = http.call("GET", f"{PLACE}/{id}/secret")
    out.tell(told, as_json, [told["key"]])


@endpoints.command()
@click.argument("id")
@click.option("--url", help="Where it is from now on; what waits goes there too.")
@event_option
@format_option
@description_option
@rate_option
@concurrency_option
@json_option
def update(id: str, url: str | None, as_json: bool, **given: Any) -> None:
    """Change an endpoint; what is not named stays as it is.

    Example: penstock webhooks endpoints update ep_0123 --event 'batch.*' --rate none
    """
    body = _fields(**given) | ({"url": url} if url is not None else {})
    if not body:
        raise click.UsageError("say what to change; --help lists it")
    told = http.call("PATCH", f"{PLACE}/{id}", json=body)
    out.tell(told, as_json, _table(told))


@endpoints.command()
@click.argument("id")
@click.option(
    "--overlap",
    "overlap_s",
    type=float,
    default=86_400.0,
    show_default=True,
    metavar="SECONDS",
    help="For how long the old secret signs too; 0 for one that others may know.",
)
@json_option
def rotate(id: str, overlap_s: float, as_json: bool) -> None:
    """Make a new secret and print it; for a while the old one signs beside it.

    Example: penstock webhooks endpoints rotate ep_0123 --overlap 3600
    """
    told = http.call("POST", f"{PLACE}/{id}/rotate", json={"overlap_s": overlap_s})
    until = told["previous_until"]
    ends = f"the old secret signs too until {until}" if until else "the old secret signs no more"
    out.tell(told, as_json, [*_secret(told), ends])


@endpoints.command()
@click.argument("id")
@json_option
def disable(id: str, as_json: bool) -> None:
    """Send nothing to an endpoint any more; what waits for it is cancelled.

    Example: penstock webhooks endpoints disable ep_0123
    """
    told = http.call("POST", f"{PLACE}/{id}/disable")
    out.tell(told, as_json, [_line(told)])


@endpoints.command()
@click.argument("id")
@json_option
def enable(id: str, as_json: bool) -> None:
    """Send events to an endpoint again, from now on.

    Example: penstock webhooks endpoints enable ep_0123
    """
    told = http.call("POST", f"{PLACE}/{id}/enable")
    out.tell(told, as_json, [_line(told)])


@endpoints.command()
@click.argument("id")
@json_option
def delete(id: str, as_json: bool) -> None:
    """Forget an endpoint and its secrets; what waits for it is cancelled.

    Example: penstock webhooks endpoints delete ep_0123
    """
    http.call("DELETE", f"{PLACE}/{id}")
    out.tell({"id": id, "deleted": True}, as_json, [f"{id} is deleted"])


@endpoints.command()
@click.argument("id")
@json_option
def test(id: str, as_json: bool) -> None:
    """Have the server send a webhook.test event to an endpoint; exit 1 unless it is taken.

    Example: penstock webhooks endpoints test ep_0123
    """
    asked = http.call("POST", f"{PLACE}/{id}/test")
    delivery = _tried(id, asked["delivery"])
    attempt = (delivery["attempts"] or [None])[-1]
    lines = [_came(asked["event"], attempt)]
    if attempt is not None and attempt["status"] == UNAUTHORIZED:
        lines.append(
            "its receiver takes another secret, perhaps: each endpoint has its own, which"
            f" `penstock webhooks endpoints secret {id}` prints"
        )
    out.tell(delivery, as_json, lines)
    if delivery["state"] != "delivered":
        raise SystemExit(1)


def _tried(id: str, delivery: str) -> dict[str, Any]:
    """The delivery once an attempt was made at it, or as it is when that takes too long."""
    until = time.monotonic() + TEST_S
    while True:
        told = http.pages("/v1/deliveries", 100, subject=id, endpoint=id)
        found: dict[str, Any] = next(one for one in told if one["id"] == delivery)
        if found["attempts"] or time.monotonic() > until:
            return found
        time.sleep(POLL_S)


def _came(event: str, attempt: dict[str, Any] | None) -> str:
    if attempt is None:
        return f"{event}: not sent within {TEST_S:.0f} s; does a deliverer run?"
    came = attempt["status"] or attempt["error"]
    return f"{event}: {came} after {out.duration(attempt['duration_s'])}"


def _fields(
    events: tuple[str, ...],
    words: str | None,
    description: str | None,
    rate: str | None,
    concurrency: str | None,
) -> dict[str, Any]:
    """What was given, as the API has it."""
    fields: dict[str, Any] = {"events": list(events)} if events else {}
    if words is not None:
        fields["format"] = words
    if description is not None:
        fields["description"] = description
    if rate is not None:
        fields["rate_per_s"] = _number("--rate", rate, float)
    if concurrency is not None:
        fields["concurrency"] = _number("--concurrency", concurrency, int)
    return fields


def _number(option: str, text: str, kind: type[int] | type[float]) -> float | int | None:
    if text == NONE:
        return None
    try:
        return kind(text)
    except ValueError:
        raise click.UsageError(f"{option} is a number or {NONE!r}, not {text!r}") from None


def _line(one: dict[str, Any]) -> str:
    parts = [one["id"], _state(one), one["url"], ",".join(one["events"]), one["description"]]
    return "  ".join(part for part in parts if part)


def _state(one: dict[str, Any]) -> str:
    if one["state"] == "disabled":
        return f"disabled ({one['disabled_reason']}, {one['disabled_at']})"
    return f"enabled, failing since {one['failing_since']}" if one["failing_since"] else "enabled"


def _table(one: dict[str, Any]) -> list[str]:
    limits = (("rate", "a second", "rate_per_s"), ("concurrency", "at once", "concurrency"))
    shown = [(name, f"{one[key]:g} {unit}") for name, unit, key in limits if one[key] is not None]
    return out.table(
        [
            ("id", one["id"]),
            ("url", one["url"]),
            ("state", _state(one)),
            ("events", ", ".join(one["events"])),
            *([("format", one["format"])] if one.get("format", FORMATS[0]) != FORMATS[0] else []),
            ("description", one["description"]),
            *shown,
            ("created", one["created_at"]),
        ]
    )


def _secret(told: dict[str, Any]) -> list[str]:
    return [
        told["secret"],
        "with this secret the receiver verifies; `endpoints secret` shows it again",
    ]
