"""A signed event straight from here to an address: what would a receiver say?"""

import json
import os
import time
from datetime import UTC, datetime
from ipaddress import ip_network
from secrets import token_hex
from typing import Any

import click

from jobs.cli import http, out
from jobs.cli.out import json_option
from jobs.core.endpoint import TEST
from webhooks.errors import WebhookError

SECRET = "PENSTOCK_WEBHOOK_SECRET"  # noqa: S105 - the name of a setting
TIMEOUT_S = 15.0
#: whoever types an address may go where it leads; only the server may not be sent anywhere
ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))


@click.command(name="send-test")
@click.argument("url")
@click.option("--type", "type_", default=TEST, show_default=True, help="The event's type.")
@click.option("--data", default="{}", show_default=True, help="The event's data, in JSON.")
@click.option("--endpoint", "id", metavar="ID", help="Sign as for this endpoint of yours.")
@json_option
def send_test(url: str, type_: str, data: str, id: str | None, as_json: bool) -> None:
    """Send a signed event from here straight to URL, and print what came back; exit 1 unless 2xx.

    It is signed with the secret of --endpoint, else with the one in PENSTOCK_WEBHOOK_SECRET, else
    with the one that `penstock webhooks secret` prints.

    Example: penstock webhooks send-test http://localhost:5000/hook --type batch.completed
    """
    body = json.dumps(_event(type_, data)).encode()
    told = _sent(url, body, _signing_secret(id))
    out.tell(told, as_json, _lines(told))
    if told["status"] is None or not 200 <= told["status"] < 300:
        raise SystemExit(1)


def _event(type: str, data: str) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except ValueError as error:
        raise click.UsageError(f"--data is not JSON: {error}") from error
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {"type": type, "timestamp": at, "sequence": 1, "data": content}


def _signing_secret(id: str | None) -> str:
    if id is None and os.environ.get(SECRET):
        return os.environ[SECRET]
    path = f"endpoints/{id}" if id is not None else "default"
    secret: str = http.call("GET", f"/v1/webhooks/{path}/secret")["key"]
    return secret


def _sent(url: str, body: bytes, secret: str) -> dict[str, Any]:
    """One attempt by the sender that delivers; the answer without what signed for it."""
    try:
        from webhooks.sender import Request, Sender
        from webhooks.signing import Signer
    except ImportError as error:
        message = "send-test needs: pip install '.[server]' in a checkout of Penstock"
        raise http.CliError(message, http.CANNOT_RUN) from error
    id = f"evt_{token_hex(16)}"
    try:
        headers = Signer([secret]).headers(id, int(time.time()), body)
    except WebhookError as error:
        raise http.CliError(f"{SECRET}: {error}", http.CANNOT_RUN) from error
    came: list[Any] = []
    sender = Sender(allow=ANYWHERE, timeout_s=TIMEOUT_S, at_once=1)
    sender.send([Request(id, url, body, headers)], lambda _, outcome: came.append(outcome))
    sender.close()
    [outcome] = came
    text = outcome.body_start.decode(errors="replace")
    for entry in headers["webhook-signature"].split():  # some print what they got
        text = text.replace(entry, "[signature]").replace(entry.partition(",")[2], "[signature]")
    return {
        "event": id,
        "status": outcome.status,
        "error": outcome.error,
        "duration_s": outcome.duration_s,
        "body_start": text.replace(secret, "[secret]"),
    }


def _lines(told: dict[str, Any]) -> list[str]:
    came = told["status"] if told["status"] is not None else told["error"]
    lines = [f"{told['event']}: {came} after {out.duration(told['duration_s'])}"]
    if told["status"] is not None and told["error"]:
        lines.append(told["error"])
    return [*lines, *_shown(told["body_start"])]


def _shown(text: str) -> list[str]:
    """The start of an answer, with nothing in it that moves a terminal's cursor."""
    clean = "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)
    return clean.splitlines()
