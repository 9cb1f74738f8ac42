"""Deployments over the API: releases, what they refuse, and whose they are."""

import secrets
from typing import Any

import pytest

from tests.functional.conftest import SCHEMA, Owner, World

PLACE = "/v1/deployments"


def ok(owner: Owner, method: str, path: str, status: int = 200, **body: Any) -> Any:
    answer = owner.ask(method, path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json


def create(owner: Owner, model: str, **given: Any) -> str:
    """A deployment of a model's live version; its place."""
    told = ok(owner, "POST", PLACE, name=f"d-{secrets.token_hex(4)}", version=model, **given)
    return f"{PLACE}/{told['owner']}/{told['name']}"


def test_a_release_pins_the_digest_and_says_who_and_when(ann: Owner) -> None:
    model, other = ann.model(), ann.model()
    told = ok(ann, "POST", PLACE, name="greeter", version=model)
    release = told["current_release"]
    assert (told["owner"], told["name"], told["rolling"]) == (ann.name, "greeter", False)
    assert (release["number"], release["model"], release["created_by"]["name"]) == (
        *(1, model),
        "test",
    )
    size = {"hardware": "cpu", "min_instances": 0, "max_instances": 1}
    assert release["configuration"] == size
    place = f"{PLACE}/{ann.name}/greeter"

    ok(ann, "PATCH", place, min_instances=1, max_instances=3, hardware="a100")
    ok(ann, "PATCH", place, version=other)
    back = ok(ann, "POST", f"{place}/rollback")

    assert back["current_release"]["model"] == model
    assert back["current_release"]["number"] == 4
    assert back["current_release"]["configuration"]["max_instances"] == 3
    assert ok(ann, "POST", f"{place}/rollback", number=3)["current_release"]["model"] == other
    page = ok(ann, "GET", f"{place}/releases?limit=2")
    assert [one["number"] for one in page["results"]] == [5, 4]
    more = ann.ask("GET", page["next"].removeprefix("https://penstock.test")).json
    assert [one["number"] for one in more["results"]] == [3, 2]
    assert ok(ann, "GET", PLACE)["results"][0]["name"] == "greeter"


def test_what_came_through_keeps_its_version(ann: Owner) -> None:
    old, new = ann.model(), ann.model()
    place = create(ann, old)
    name = place.removeprefix(f"{PLACE}/")
    asked = {"deployment": name, "input_file_id": ann.manifest()}
    first = ok(ann, "POST", f"{place}/predictions", 201, input={"text": "x"})
    batch = ok(ann, "POST", "/v1/batches", 201, **asked)
    ok(ann, "PATCH", place, version=new)
    second = ok(ann, "POST", "/v1/predictions", 201, deployment=name, input={"text": "x"})

    for told in (first, batch, second):
        assert told["deployment"] == name
    assert ok(ann, "GET", f"/v1/predictions/{first['id']}")["model"] == old
    assert ok(ann, "GET", f"/v1/batches/{batch['id']}")["model"] == old
    assert second["model"] == new
    demand = ok(ann, "GET", f"{place}/activity")["demand"]
    assert {one["model"]: one["waiting"] for one in demand} == {old: 1, new: 1}
    assert ann.ask("DELETE", place).status_code == 409
    for told in (first, second):
        ann.ask("POST", f"/v1/predictions/{told['id']}/cancel")
    ok(ann, "POST", f"/v1/batches/{batch['id']}/cancel")
    ann.world.run("batch", batch["id"])
    assert ann.ask("DELETE", place).status_code == 204
    assert ann.ask("GET", place).status_code == 404


def test_another_owner_finds_nothing(ann: Owner, bob: Owner) -> None:
    place = create(ann, ann.model())
    name = place.removeprefix(f"{PLACE}/")
    for method, path, body in (
        ("GET", place, {}),
        ("PATCH", place, {"min_instances": 1}),
        ("DELETE", place, {}),
        ("POST", f"{place}/rollback", {}),
        ("GET", f"{place}/releases", {}),
        ("GET", f"{place}/activity", {}),
        ("POST", f"{place}/predictions", {"input": {"text": "x"}}),
        ("POST", "/v1/predictions", {"deployment": name, "input": {"text": "x"}}),
        ("POST", "/v1/batches", {"deployment": name, "input_file_id": bob.manifest()}),
    ):
        assert bob.ask(method, path, json=body).status_code == 404, (method, path)
    assert ok(bob, "GET", PLACE)["results"] == []
    assert bob.ask("POST", PLACE, json={"name": name, "version": bob.model()}).status_code == 422


def test_what_cannot_be_is_refused_with_its_field(ann: Owner) -> None:
    model = ann.model()
    place = create(ann, model)
    for path, method, body, status, field in (
        (PLACE, "POST", {"name": "No Name", "version": model}, 422, "name"),
        (PLACE, "POST", {"name": "x"}, 422, "version"),
        (PLACE, "POST", {"name": "x", "version": model, "gpu": 1}, 422, "gpu"),
        (place, "PATCH", {"min_instances": 2}, 422, "min_instances"),
        (place, "PATCH", {"max_instances": "2"}, 422, "max_instances"),
        (place, "PATCH", {"hardware": "A 100"}, 422, "hardware"),
        (place, "PATCH", {"version": "0" * 64}, 404, None),
        (place, "PATCH", {}, 422, None),
        (f"{place}/rollback", "POST", {}, 409, None),
        (f"{place}/rollback", "POST", {"number": 7}, 404, None),
        (f"{place}/rollback", "POST", {"number": "1"}, 422, "number"),
        (f"{place}/predictions", "POST", {"version": model}, 422, "version"),
        (f"{place}/predictions", "POST", {"input": {"text": 5}}, 422, "input.text"),
        ("/v1/batches", "POST", {"deployment": "x/y", "model": model}, 422, "model"),
    ):
        answer = ann.ask(method, path, json=body)
        assert (answer.status_code, answer.json.get("field")) == (status, field), answer.text
    assert ann.ask("POST", PLACE, json={"name": place.split("/")[-1], "version": model})


def test_a_token_for_tests_releases_nothing(world: World, ann: Owner) -> None:
    place = create(ann, ann.model())
    tester = world.services.tokens.create("ci", ann.name, (), promotes=False)
    theirs = Owner(world, ann.name, tester)
    assert theirs.ask("GET", place).status_code == 200
    for method, path in (("PATCH", place), ("DELETE", place), ("POST", f"{place}/rollback")):
        body = {"min_instances": 0} if method == "PATCH" else {}
        assert theirs.ask(method, path, json=body).status_code == 403, path


def test_a_version_that_is_deployed_is_not_removed(ann: Owner) -> None:
    model, other = ann.model(), ann.model()
    digest = ok(ann, "GET", f"/v1/models/{model}")["aliases"]["live"]
    place = create(ann, model)
    ok(ann, "PATCH", place, version=other)
    models = ann.world.made.store
    newer = secrets.token_hex(32)
    _pushed(ann, model, newer)
    ok(ann, "PUT", f"/v1/models/{model}/aliases/live", version=newer)
    ok(ann, "POST", f"{place}/rollback")

    refused = ann.ask("DELETE", f"/v1/models/{model}/versions/{digest}")
    assert refused.status_code == 409
    assert "deployment" in refused.json["detail"]
    ok(ann, "PATCH", place, version=other)
    models.removals.version(model, digest, ann.name)
    gone = ann.ask("POST", f"{place}/rollback", json={"number": 1})
    assert gone.status_code == 409
    assert "push it again" in gone.json["detail"]


def _pushed(owner: Owner, model: str, digest: str) -> None:
    from jobs.core.version import State, Version
    from jobs.wiring import clock

    models, at = owner.world.made.store.models, clock()
    models.push(Version(id=digest, model=model, created_at=at))
    models.move(models.claim(digest, 60.0), State.READY, at, schema=SCHEMA)


@pytest.mark.timeout(180)
def test_one_worker_keeps_what_is_wanted_and_makes_room_for_work(world: World, ann: Owner) -> None:
    """Up at the ring, told as it is; its host ends when it goes."""
    made, model = world.made, ann.push("hello")
    place = create(ann, model, min_instances=1)
    name = place.removeprefix(f"{PLACE}/")

    world.run("deployment", name)

    told = ok(ann, "GET", f"{place}/activity")
    [instance] = told["instances"]
    assert (instance["state"], instance["version"]) == ("idle", told["demand"][0]["version"])
    assert made.warm.is_up(instance["version"])
    id = ok(ann, "POST", f"{place}/predictions", 201, input={"text": "you"})["id"]
    made.instances.beat()  # as if another worker had heard the ring
    while not ok(ann, "GET", f"/v1/predictions/{id}")["completed_at"]:
        made.instances.beat()
    assert ok(ann, "GET", f"{place}/activity")["metrics"]["predictions"] == {"succeeded": 1}
    made.instances.close()
    assert ok(ann, "GET", f"{place}/activity")["events"][0]["reason"] == "worker_ended"
