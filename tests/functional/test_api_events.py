"""GET /v1/events: asked on and on, waited for, and what it refuses."""

import json
import threading
from typing import Any

import pytest

from tests.functional.conftest import Owner
from tests.servers.penstock import until


def asked(owner: Owner, query: str = "") -> Any:
    answer = owner.ask("GET", f"/v1/events?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_without_a_cursor_one_begins_now(ann: Owner) -> None:
    ann.batch(ann.model())
    told = asked(ann)
    assert (told["data"], told["has_more"]) == ([], False)
    assert asked(ann, f"after={told['cursor']}")["data"] == []


def test_every_event_of_a_batch_comes_once_and_in_order(ann: Owner, bob: Owner) -> None:
    cursor = asked(ann)["cursor"]
    id = ann.finished(ann.model())["id"]
    bob.batch(bob.model())
    seen: list[Any] = []
    while True:
        told = asked(ann, f"after={cursor}&limit=1")
        if not told["data"]:
            break
        [event] = told["data"]
        assert event["cursor"] == told["cursor"]
        seen.append(event)
        cursor = told["cursor"]
    assert [one["sequence"] for one in seen] == list(range(1, len(seen) + 1))
    assert {one["subject"] for one in seen} == {id}
    assert [seen[0]["type"], seen[-1]["type"]] == ["batch.created", "batch.completed"]
    body = json.loads(seen[-1]["body"])
    assert (body["type"], body["sequence"]) == ("batch.completed", len(seen))
    assert body["data"]["id"] == id


def test_one_may_begin_in_the_past_and_with_some_types(ann: Owner) -> None:
    ann.finished(ann.model())
    cursor = asked(ann, "ago_s=3600")["cursor"]
    types = "batch.c*,prediction.start"
    told = asked(ann, f"after={cursor}&types={types}")
    assert [one["type"] for one in told["data"]] == ["batch.created", "batch.completed"]


def test_a_question_waits_for_its_answer(ann: Owner) -> None:
    cursor = asked(ann)["cursor"]
    told: list[Any] = []
    waiting = threading.Thread(
        target=lambda: told.append(asked(ann, f"after={cursor}&wait_s=20&types=batch.created"))
    )
    waiting.start()
    ann.batch(ann.model())
    until(lambda: told)
    waiting.join()
    assert [one["type"] for one in told[0]["data"]] == ["batch.created"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("after=x", "after"),
        ("after=nan_evt_1", "after"),
        ("after=inf_", "after"),
        ("after=-1_", "after"),
        ("after=1e400_", "after"),
        ("after=1.5_evt%20x", "after"),
        ("after=1.5_' OR 1=1 --", "after"),
        ("after=1.5_" + "x" * 150, "after"),
        ("wait_s=21", "wait_s"),
        ("wait_s=-1", "wait_s"),
        ("wait_s=nan", "wait_s"),
        ("ago_s=99999999", "ago_s"),
        ("limit=0", "limit"),
        ("types=batch.compleated", "types"),
        ("after=1.5_&types=*.nothing", "types"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_name(ann: Owner, query: str, field: str) -> None:
    answer = ann.ask("GET", f"/v1/events?{query}")
    assert (answer.status_code, answer.json["field"]) == (422, field)
