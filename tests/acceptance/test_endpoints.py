"""The secret of a standing endpoint is changed while events go on, and none is lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.penstock import Penstock, Received, free_port, until

PLACE = "/v1/webhooks/endpoints"
TYPES = ("batch.created", "batch.in_progress", "batch.completed")
EACH = 2


@pytest.fixture
def penstock(tmp_path: Path) -> Iterator[Penstock]:
    server = Penstock(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.mark.timeout(240)
def test_a_secret_is_changed_and_no_event_is_lost(penstock: Penstock, tmp_path: Path) -> None:
    penstock.push("hello", "demo/hello")
    port = free_port()
    body = {"url": f"http://127.0.0.1:{port}/hook", "events": ["batch.*"]}
    made = penstock.call("POST", PLACE, json=body)
    submitted: list[str] = []
    receiver = Received(tmp_path, made["secret"], port=port)
    try:
        submit(penstock, submitted)
        turned = penstock.call("POST", f"{PLACE}/{made['id']}/rotate", json={"overlap_s": 3600})
        submit(penstock, submitted)  # the receiver knows the old secret still
        until(lambda: missing(receiver, submitted) == set(), 90)
        submit(penstock, submitted)
    finally:
        receiver.stop()
    receiver = Received(tmp_path, turned["secret"], port=port)
    try:
        submit(penstock, submitted)  # and now the new one only
        until(lambda: missing(receiver, submitted) == set(), 90)
        until(lambda: states(penstock, made["id"]) == {"delivered"}, 60)
    finally:
        receiver.stop()
    answers = {
        attempt["status"]
        for delivery in delivered(penstock, made["id"])
        for attempt in delivery["attempts"]
    }
    assert answers <= {200, None}, "a signature did not hold"  # None: it was being restarted


def submit(penstock: Penstock, submitted: list[str]) -> None:
    """Some batches more; none of them names an address."""
    for _ in range(EACH):
        row = {"custom_id": "one", "input": {"text": "you"}}
        submitted.append(penstock.submit("demo/hello", [row]))


def missing(receiver: Received, submitted: list[str]) -> set[tuple[str, str]]:
    """The events that have not come."""
    came = {(event["data"]["id"], event["type"]) for event in receiver.events()}
    return {(id, type) for id in submitted for type in TYPES} - came


def delivered(penstock: Penstock, endpoint: str) -> list[dict[str, Any]]:
    path = f"/v1/deliveries?endpoint={endpoint}&limit=100"
    found: list[dict[str, Any]] = penstock.call("GET", path)["results"]
    assert len(found) == 4 * EACH * len(TYPES)
    return found


def states(penstock: Penstock, endpoint: str) -> set[str]:
    return {one["state"] for one in delivered(penstock, endpoint)}
