"""One batch from manifest to verified webhook, in real processes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.penstock import Penstock, Received, until


@pytest.fixture(scope="module")
def penstock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    server = Penstock(tmp_path_factory.mktemp("one"), PENSTOCK_PREDICT_TIMEOUT_S="2")
    server.start()
    server.push("hello", "demo/hello")
    server.push("chaos-monkey", "demo/chaos")
    yield server
    server.stop()


@pytest.fixture
def receiver(penstock: Penstock, tmp_path: Path) -> Iterator[Received]:
    secret = penstock.call("GET", "/v1/webhooks/default/secret")["key"]
    received = Received(tmp_path, secret)
    yield received
    received.stop()


def test_rows_come_back_in_order_and_every_event_arrives(
    penstock: Penstock, receiver: Received
) -> None:
    rows = [{"custom_id": f"row-{n}", "input": {"text": str(n)}} for n in range(300)]

    id = penstock.submit("demo/hello", rows, webhook=receiver.url)
    batch = penstock.ended(id)

    assert batch["request_counts"]["completed"] == 300
    output = penstock.lines(id, "output.jsonl")
    assert [row["custom_id"] for row in output] == [row["custom_id"] for row in rows]
    assert output[7]["response"]["body"]["output"] == "hello 7"
    assert penstock.lines(id, "errors.jsonl") == []
    events = until(lambda: receiver.events() if len(receiver.events()) == 3 else None)
    assert [event["type"] for event in events] == [
        "batch.created",
        "batch.in_progress",
        "batch.completed",
    ]
    assert [event["sequence"] for event in events] == [1, 2, 3]


def test_a_poisonous_row_costs_one_row(penstock: Penstock) -> None:
    poison = {
        "fail": "prediction_failed",
        "crash": "worker_crashed",
        "memory": "out_of_memory",
        "hang": "timeout",
        "bad_output": "invalid_output",
    }
    rows = [{"custom_id": f"good-{n}", "input": {"text": str(n)}} for n in range(100)]
    for place, deed in enumerate(poison):
        rows.insert(place * 20, {"custom_id": deed, "input": {"do": deed}})

    id = penstock.submit("demo/chaos", rows)
    batch = penstock.ended(id, 90)

    assert batch["status"] == "completed"
    assert batch["request_counts"]["completed"] == 100
    errors = {row["custom_id"]: row["error"]["code"] for row in penstock.lines(id, "errors.jsonl")}
    assert errors == poison
    good = [row["custom_id"] for row in rows if row["custom_id"] not in poison]
    assert [row["custom_id"] for row in penstock.lines(id, "output.jsonl")] == good

    child = penstock.call("POST", f"/v1/batches/{id}/retry-failed")
    assert penstock.ended(child["id"], 90)["request_counts"]["total"] == len(poison)


def test_a_cancelled_batch_keeps_what_was_done(penstock: Penstock) -> None:
    rows = [{"custom_id": f"row-{n}", "input": {"seconds": 0.02}} for n in range(300)]
    id = penstock.submit("demo/chaos", rows)
    until(lambda: penstock.call("GET", f"/v1/batches/{id}")["request_counts"]["running"] > 5)

    penstock.call("POST", f"/v1/batches/{id}/cancel")
    batch = penstock.ended(id)

    counts = batch["request_counts"]
    assert batch["status"] == "cancelled"
    assert counts["completed"] > 0
    assert counts["completed"] + counts["cancelled"] == 300
    errors = penstock.lines(id, "errors.jsonl")
    assert len(errors) == counts["cancelled"]
    assert {row["error"]["code"] for row in errors} == {"cancelled"}


def test_every_bad_line_is_named_before_anything_runs(penstock: Penstock) -> None:
    rows = [
        {"custom_id": "a", "input": {"text": "x"}},
        {"custom_id": "a", "input": {"text": "x"}},
        {"custom_id": "b", "input": {"text": 5}},
    ]

    id = penstock.submit("demo/hello", rows)
    batch = penstock.ended(id)

    assert batch["status"] == "failed"
    problems = batch["errors"]["data"]
    assert [(one["line"], one["code"]) for one in problems] == [
        (2, "duplicate_custom_id"),
        (3, "wrong_type"),
    ]
    text = penstock.call("GET", f"/v1/batches/{id}/results/validation-errors.jsonl")
    assert len(text.splitlines()) == 2


def test_one_prediction_through_the_cli(penstock: Penstock) -> None:
    done = penstock.cli("predict", "demo/hello", "-i", "text=you")

    assert json.loads(done.stdout) == "hello you"
