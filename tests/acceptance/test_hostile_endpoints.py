"""What becomes of a delivery at each kind of endpoint: a real server, real sockets, one event each.

With HOSTILE_ENDPOINTS_TABLE=FILE what became of each is written there as a table.
"""

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.hostile_endpoints import ANY, SCENARIOS, Scenario, markdown
from tests.servers.endpoint import OK, Endpoint, says, silent
from tests.servers.penstock import Penstock, until
from webhooks.deliveries import JITTER, SCHEDULE
from webhooks.signing import Verifier

MODEL = "demo/hello"
PATIENCE_S = 90.0
#: a wait is counted from two moments that are near each other
CLOCKS_S = 1.0
Row = tuple[str, str, int, str, str]


class Server:
    """A server that owes one event to each address, and its database."""

    def __init__(self, folder: Path) -> None:
        self.penstock = Penstock(folder)
        self.penstock.start()
        self.penstock.push("hello", MODEL)
        self.table: list[Row] = []

    def owe(self, url: str) -> str:
        """One event for this address; what it is about."""
        body = {"version": MODEL, "input": {"text": "x"}, "webhook": url}
        body["webhook_events_filter"] = ["completed"]
        id: str = self.penstock.call("POST", "/v1/predictions", json=body)["id"]
        return id

    def delivery(self, subject: str) -> dict[str, Any] | None:
        """What became of it; None before there is one."""
        found = self.penstock.call("GET", f"/v1/deliveries?subject={subject}")["results"]
        return dict(found[0]) if found else None

    def after(self, subject: str, attempts: int) -> dict[str, Any]:
        """The same, once it has been tried so often."""

        def tried() -> dict[str, Any] | None:
            one = self.delivery(subject)
            return one if one and len(one["attempts"]) >= attempts else None

        found: dict[str, Any] = until(tried, PATIENCE_S)
        return found

    def wait_s(self, delivery: dict[str, Any], attempt: int) -> float:
        """From this attempt to the next, by the database; one that was made tells it too."""
        log = delivery["attempts"]
        if attempt < len(log):
            return float(log[attempt]["at"] - log[attempt]["duration_s"] - log[attempt - 1]["at"])
        query = "SELECT next_at FROM deliveries WHERE id = ?"
        with closing(sqlite3.connect(self.penstock.data / "penstock.db", timeout=30)) as database:
            next_at: float = database.execute(query, (delivery["id"],)).fetchone()[0]
        return next_at - float(delivery["attempts"][-1]["at"])

    def pass_time(self, delivery: dict[str, Any]) -> float:
        """Put the database's clock forward for one delivery to its next attempt; by how much."""
        seconds = self.wait_s(delivery, len(delivery["attempts"]))
        moved = "UPDATE deliveries SET next_at = next_at - ?, created_at = created_at - ?"
        with closing(sqlite3.connect(self.penstock.data / "penstock.db", timeout=30)) as database:
            database.execute(f"{moved} WHERE id = ?", (seconds, seconds, delivery["id"]))
            database.commit()
        return seconds

    def note(
        self, what: str, delivery: dict[str, Any], attempts: int, next_s: float | None
    ) -> None:
        """A line of the table."""
        last = delivery["attempts"][attempts - 1]
        told = "; ".join(str(one) for one in (last["status"], last["error"]) if one is not None)
        again = "" if next_s is None else f"after {next_s:,.0f} s"
        self.table.append((what, delivery["state"], attempts, told, again))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("hostile"))
    yield started
    started.penstock.stop()
    place = os.environ.get("HOSTILE_ENDPOINTS_TABLE")
    if place:
        order = [one.what for one in SCENARIOS]
        own = [row for row in started.table if row[0] in order]
        down = [row for row in started.table if row[0] not in order]
        Path(place).write_text(markdown(own + down))


@pytest.fixture(scope="module")
def owed(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[str, Endpoint | None]]]:
    """All of them at once, so that none is waited for: subject and endpoint of each."""
    with ExitStack() as ends:
        begun = {}
        for scenario in SCENARIOS:
            folder = tmp_path_factory.mktemp("endpoint")
            url, endpoint = ends.enter_context(scenario.place(folder))
            begun[scenario.what] = server.owe(url), endpoint
        yield begun


@pytest.mark.slow
@pytest.mark.usefixtures("owed")  # some of those take their time: these two are done meanwhile
def test_down_for_two_hours(server: Server) -> None:
    with silent() as port:
        subject = server.owe(f"http://127.0.0.1:{port}/hook")
        seconds, attempts = down(server, subject, lambda _, attempts: attempts == 5)
    assert seconds < 2 * 3600  # and the sixth is due later than that
    with Endpoint(says(OK), port=port) as endpoint:
        seconds += server.pass_time(server.after(subject, attempts))
        delivery = server.after(subject, attempts + 1)
        assert ids(server, endpoint) == {delivery["event"]}
    assert (delivery["state"], len(delivery["attempts"])) == ("delivered", 6)
    assert 2 * 3600 < seconds <= sum(SCHEDULE[:5]) * (1 + JITTER) + CLOCKS_S
    server.note("listens nowhere for 2 h, then takes it", delivery, 6, None)


@pytest.mark.slow
def test_down_for_longer_than_the_schedule_and_back(server: Server) -> None:
    with silent() as port:
        subject = server.owe(f"http://127.0.0.1:{port}/hook")
        most = len(SCHEDULE) + 1
        seconds, attempts = down(server, subject, lambda _, attempts: attempts == most)
        dead = server.after(subject, attempts)
    assert (dead["state"], len(dead["attempts"])) == ("exhausted", most)
    assert seconds >= sum(SCHEDULE) - most * CLOCKS_S
    server.note("listens nowhere for 4 days", dead, most, None)
    told = json.loads(server.penstock.cli("webhooks", "dead", subject, "--json").stdout)
    assert [one["id"] for one in told] == [dead["id"]]
    with Endpoint(says(OK), port=port) as endpoint:
        done = server.penstock.cli("webhooks", "replay", "--missing", "--subject", subject)
        assert done.returncode == 0, done.stderr
        delivery = server.after(subject, most + 1)
        assert ids(server, endpoint) == {dead["event"]}
    assert delivery["state"] == "delivered"
    server.note("… and is back, and the event is sent again", delivery, most + 1, None)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.what)
def test_what_becomes_of_a_delivery(
    server: Server, owed: dict[str, tuple[str, Endpoint | None]], scenario: Scenario
) -> None:
    subject, endpoint = owed[scenario.what]

    delivery = server.after(subject, scenario.attempts)

    # some are tried again while slower ones are waited for: it is the first that is looked at
    last = delivery["attempts"][scenario.attempts - 1]
    assert delivery["state"] == scenario.state
    assert last["status"] == scenario.told
    assert last["error"] == scenario.error or (scenario.error == ANY and last["error"])
    if endpoint is not None:
        assert bool(endpoint.requests) is scenario.read
    wait_s = server.wait_s(delivery, scenario.attempts) if scenario.wait_s else None
    server.note(scenario.what, delivery, scenario.attempts, wait_s)
    if wait_s is not None and scenario.wait_s:
        assert scenario.wait_s[0] - CLOCKS_S <= wait_s <= scenario.wait_s[1] + CLOCKS_S


def down(server: Server, subject: str, enough: Callable[[float, int], bool]) -> tuple[float, int]:
    """Let time pass, attempt by attempt, until that is enough; (seconds, attempts)."""
    seconds, attempts = 0.0, 1
    while True:
        delivery = server.after(subject, attempts)
        if enough(seconds, attempts):
            return seconds, attempts
        assert delivery["state"] == "pending"
        seconds += server.pass_time(delivery)
        attempts += 1


def ids(server: Server, endpoint: Endpoint) -> set[str]:
    """Of what came, if its signatures hold."""
    verifier = Verifier([server.penstock.call("GET", "/v1/webhooks/default/secret")["key"]])
    found = set()
    for request in endpoint.requests:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = (line.partition(": ") for line in head.decode().split("\r\n"))
        headers = {name: value for name, _, value in lines if name.startswith("webhook-")}
        found.add(verifier.verify(headers, body, time.time()).id)
    return found
