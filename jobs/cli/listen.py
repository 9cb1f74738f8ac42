"""Events on a machine that nobody can reach: asked for, and handed to an application there."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from jobs.cli import http, out
from jobs.cli.forward import Answer, Forward
from jobs.cli.out import json_option

#: how long the server keeps a question for which there is no answer yet
WAIT_S = 20
PAUSE_S = 1.0
UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = re.compile(r"(\d{1,6})([smhd])", re.ASCII)


class Listening:
    """Where we are in the owner's events; the server may go away and come back."""

    def __init__(self, patterns: tuple[str, ...], after: str | None, ago_s: int) -> None:
        self._types = {"types": ",".join(patterns)} if patterns else {}
        #: behind the last event that is settled
        self.cursor: str = after or self._ask(ago_s=str(ago_s))["cursor"]

    def events(self) -> Iterator[dict[str, Any]]:
        """Each event as it comes; the next is asked for once the caller has done with this one."""
        while True:
            told = self._patiently()
            for event in told["data"]:
                yield event
                self.cursor = event["cursor"]
            self.cursor = told["cursor"]

    def _ask(self, **query: str) -> dict[str, Any]:
        told: dict[str, Any] = http.call("GET", "/v1/events", params=query | self._types)
        return told

    def _patiently(self) -> dict[str, Any]:
        away = False
        while True:
            try:
                told = self._ask(after=self.cursor, wait_s=str(WAIT_S), limit="100")
            except (http.Unreachable, http.NotNow, http.Throttled) as error:
                if not away:
                    out.note(f"{error.message}; waiting for it")
                away = True
                time.sleep(PAUSE_S)
            else:
                if away:
                    out.note("the server answers again")
                return told


@click.command()
@click.option("--forward", "url", metavar="URL", help="Your app; else events are only printed.")
@click.option(
    "--events",
    "patterns",
    multiple=True,
    metavar="TYPE",
    help="Only types like this, such as 'batch.*'; may be repeated.",
)
@click.option(
    "--secret",
    envvar="PENSTOCK_WEBHOOK_SECRET",
    help="Sign with this one, not yours on the server; or set PENSTOCK_WEBHOOK_SECRET.",
)
@click.option("--since", metavar="TIME", help="Begin so long ago, such as 10m, 2h or 1d; else now.")
@click.option("--after", metavar="CURSOR", help="Go on from where another call stopped.")
@json_option
def listen(
    url: str | None,
    patterns: tuple[str, ...],
    secret: str | None,
    since: str | None,
    after: str | None,
    as_json: bool,
) -> None:
    """Receive your events here, with no address that the server could reach.

    Asks the server for what has come, and posts each event to your app as a webhook: the same id
    and bytes, signed now. One line per attempt; --json adds the event. An app that is away is
    waited for; an event that it does not take is sent 3 times.

    Example: penstock webhooks listen --forward http://localhost:5000/hook --events 'batch.*'
    """
    if since and after:
        raise click.UsageError("give one of --since and --after")
    listening = Listening(patterns, after, _seconds(since))
    forward = None
    if url:
        key = secret or http.call("GET", "/v1/webhooks/default/secret")["key"]
        forward = Forward(url, key)
    out.note(_greeting(url, given=bool(secret)))
    try:
        for event in listening.events():
            settle(event, forward, as_json)
    except KeyboardInterrupt:
        out.note(f"\nto go on from here: penstock webhooks listen --after {listening.cursor}")
        raise SystemExit(http.INTERRUPTED) from None


def settle(event: dict[str, Any], forward: Forward | None, as_json: bool) -> None:
    """Print an event, or send it until the application has taken it or is not asked again."""
    if forward is None:
        out.tell(event, as_json, [_line(event, "")])
        return
    number = 1
    told_away = False
    while True:
        answer = forward.send(event, number)
        if not (answer.away and told_away):
            _print(event, answer, as_json)
        told_away = answer.away
        if answer.again_in_s is None:
            return
        time.sleep(answer.again_in_s)
        number += not answer.away


def _print(event: dict[str, Any], answer: Answer, as_json: bool) -> None:
    if as_json:
        attempt = {name: getattr(answer, name) for name in ("status", "error", "duration_s")}
        state = _state(answer)
        out.tell_json(event | attempt | {"state": state})
        return
    click.echo(_line(event, _came(answer)))
    if answer.status == 401:
        out.note("401: does the app verify with the secret that signs here?")


def _state(answer: Answer) -> str:
    if answer.delivered:
        return "delivered"
    return "given_up" if answer.again_in_s is None else "again"


def _came(answer: Answer) -> str:
    if answer.away:
        return f"{answer.error}; waiting for it"
    came = f"{answer.status or answer.error} in {out.duration(answer.duration_s)}"
    ends = {"delivered": "", "given_up": ", given up"}
    return came + ends.get(_state(answer), f", again in {answer.again_in_s or 0:.0f} s")


def _line(event: dict[str, Any], came: str) -> str:
    # of an attempt when it was made; of what is only printed when it happened
    happened = datetime.now(UTC) if came else datetime.fromisoformat(event["created_at"])
    at = happened.astimezone().strftime("%H:%M:%S")
    return "  ".join(filter(None, (at, event["type"], event["subject"], event["id"], came)))


def _greeting(url: str | None, *, given: bool) -> str:
    if url is None:
        return f"listening to {http.server_url()}; with --forward URL the events go to your app"
    key = "the secret that was given" if given else "your secret (penstock webhooks secret)"
    return f"listening to {http.server_url()}; events go to {url}, signed with {key}"


def _seconds(since: str | None) -> int:
    found = _DURATION.fullmatch(since) if since else None
    if since and not found:
        raise click.UsageError("--since is a number and a unit, such as 30s, 10m, 2h or 1d")
    return int(found[1]) * UNITS_S[found[2]] if found else 0
