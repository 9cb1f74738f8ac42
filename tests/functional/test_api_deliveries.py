"""What became of deliveries, and sending them again, over HTTP."""

from typing import Any

import pytest
from sqlalchemy import select, update

from jobs.adapters.sql.tables import deliveries
from jobs.services import webhooks
from tests.functional.conftest import Owner, World

HOOK = "https://receiver.test/hook"


def owed(owner: Owner, count: int = 1) -> list[dict[str, Any]]:
    """Deliveries of batches that were just submitted, newest first."""
    model = owner.model()
    for _ in range(count):
        owner.batch(model, webhook=HOOK)
    found: list[dict[str, Any]] = owner.ask("GET", "/v1/deliveries").json["results"]
    return found


def give_up(world: World, owner: Owner) -> None:
    """Let each have failed for the last time."""
    with world.made.store.database.write() as connection:
        mine = update(deliveries).where(deliveries.c.owner == owner.name)
        connection.execute(mine.values(state="exhausted", attempts=11))


def states(world: World, owner: Owner) -> set[tuple[str, int]]:
    query = select(deliveries.c.state, deliveries.c.attempts)
    with world.made.store.database.read() as connection:
        rows = connection.execute(query.where(deliveries.c.owner == owner.name)).all()
    return {(row.state, row.attempts) for row in rows}


def test_dead_letters_are_a_state_to_ask_for(world: World, ann: Owner) -> None:
    owed(ann)
    assert ann.ask("GET", "/v1/deliveries?state=exhausted").json["results"] == []
    give_up(world, ann)
    (dead,) = ann.ask("GET", "/v1/deliveries?state=exhausted").json["results"]
    assert (dead["state"], dead["type"]) == ("exhausted", "batch.created")
    answer = ann.ask("GET", "/v1/deliveries?state=dead")
    assert (answer.status_code, answer.json["field"]) == (422, "state")
    assert "exhausted" in answer.json["detail"]


def test_one_is_sent_again_by_its_owner_alone(world: World, ann: Owner, bob: Owner) -> None:
    (one,) = owed(ann)
    give_up(world, ann)
    place = f"/v1/deliveries/{one['id']}/replay"
    answer = bob.ask("POST", place)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert states(world, ann) == {("exhausted", 11)}
    told = ann.ask("POST", place).json
    assert told["next_attempt_at"] >= one["next_attempt_at"]
    assert told == one | {"next_attempt_at": told["next_attempt_at"]}
    assert states(world, ann) == {("pending", 0)}


def test_what_is_pending_says_when_it_is_tried_or_what_goes_first(ann: Owner) -> None:
    ann.finished(ann.push("hello"), webhook=HOOK)
    last, *others, first = ann.ask("GET", "/v1/deliveries").json["results"]
    assert (first["type"], first["waits_for"]) == ("batch.created", None)
    assert first["next_attempt_at"].endswith("Z")
    assert others
    for one in (last, *others):
        assert (one["next_attempt_at"], one["waits_for"]) == (None, first["id"])
    again = ann.ask("POST", f"/v1/deliveries/{last['id']}/replay").json
    assert again["waits_for"] == first["id"]


def test_what_has_ended_is_not_tried_and_waits_for_nothing(world: World, ann: Owner) -> None:
    owed(ann)
    give_up(world, ann)
    (one,) = ann.ask("GET", "/v1/deliveries").json["results"]
    assert (one["next_attempt_at"], one["waits_for"]) == (None, None)


def test_a_range_is_sent_again_in_lots(
    world: World, ann: Owner, bob: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "LOT", 2)
    owed(ann, 5)
    owed(bob)
    for owner in (ann, bob):
        give_up(world, owner)
    counts, told = [], {"missing": True}
    while True:
        answer = ann.ask("POST", "/v1/deliveries/replay", json=told).json
        counts.append(answer["replayed"])
        if answer["after"] is None:
            break
        told |= {"until": answer["until"], "after": answer["after"]}
    assert counts == [2, 2, 1]
    assert states(world, ann) == {("pending", 0)}
    assert states(world, bob) == {("exhausted", 11)}


def test_a_range_has_a_beginning(ann: Owner) -> None:
    answer = ann.ask("POST", "/v1/deliveries/replay", json={})
    assert (answer.status_code, answer.json["field"]) == (422, "since")


@pytest.mark.parametrize(
    "url", ["http://10.0.0.5/hook", "https://[fd00::1]/", "http://8.8.8.8:25/"]
)
def test_an_address_that_webhooks_may_not_go_to_is_refused_when_it_is_named(
    ann: Owner, url: str
) -> None:
    model = ann.model()
    batch = {"model": model, "input_file_id": ann.manifest(), "webhook": url}
    asked = [ann.ask("POST", "/v1/batches", json=batch)]
    for field in ("webhook", "webhook_completed"):
        body = {"input": {"text": "x"}, field: url}
        asked.append(ann.ask("POST", f"/v1/models/{model}/predictions", json=body))
    told = [(one.status_code, one.json["code"], one.json["field"]) for one in asked]
    fields = ("webhook", "webhook", "webhook_completed")
    assert told == [(422, "address_refused", field) for field in fields]
    assert all("PENSTOCK_ALLOW_NETWORKS" in one.json["detail"] for one in asked)
    assert ann.ask("GET", "/v1/deliveries").json["results"] == []
