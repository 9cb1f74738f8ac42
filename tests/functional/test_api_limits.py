"""Limits of a token as a client sees them: 429, when to come again, and who is not concerned."""

import pytest

from tests.functional.conftest import Owner, World

BODY = {"text": "x"}


def limited(world: World, *limits: str) -> Owner:
    """An owner whose one token has limits."""
    owner = world.owner()
    owner.token = world.services.tokens.create("limited", owner.name, [], limits)
    return owner


def test_too_many_batches_are_told_to_come_again(world: World) -> None:
    ann = limited(world, "batches=1")
    model = ann.model()
    id = ann.batch(model)["id"]
    body = {"model": model, "input_file_id": ann.manifest()}
    refused = ann.ask("POST", "/v1/batches", json=body)
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) >= 1
    assert "token limit" in refused.json["detail"]
    ann.ask("POST", f"/v1/batches/{id}/cancel")
    assert ann.ask("POST", "/v1/batches", json=body).status_code == 201


def test_the_rows_of_a_manifest_count(world: World) -> None:
    ann = limited(world, "rows=10")
    model = ann.model()
    ann.batch(model, input_file_id=ann.manifest(8))
    small = {"model": model, "input_file_id": ann.manifest(3)}
    assert ann.ask("POST", "/v1/batches", json=small).status_code == 429
    large = {"model": model, "input_file_id": ann.manifest(11)}
    never = ann.ask("POST", "/v1/batches", json=large)
    assert (never.status_code, never.json["code"]) == (422, "too_many_rows")
    assert "Retry-After" not in never.headers


def test_too_many_predictions_are_told_to_come_again(world: World) -> None:
    ann = limited(world, "predictions=2")
    model = ann.model()
    made = [
        ann.ask("POST", "/v1/predictions", json={"version": model, "input": BODY}) for _ in range(3)
    ]
    assert [one.status_code for one in made] == [201, 201, 429]
    ann.ask("POST", f"/v1/predictions/{made[0].json['id']}/cancel")
    again = ann.ask("POST", "/v1/predictions", json={"version": model, "input": BODY})
    assert again.status_code == 201


def test_a_rate_is_of_one_token_alone(world: World) -> None:
    ann = limited(world, "requests_per_s=0.001")
    assert ann.ask("GET", "/v1/batches").status_code == 200
    refused = ann.ask("GET", "/v1/batches")
    assert refused.status_code == 429
    assert 900 <= int(refused.headers["Retry-After"]) <= 1000
    ann.token = world.services.tokens.create("other", ann.name, [])
    assert [ann.ask("GET", "/v1/batches").status_code for _ in range(5)] == [200] * 5
    ann.token = "unknown"
    assert ann.ask("GET", "/v1/batches").status_code == 401


def test_the_same_key_gives_the_same_batch_though_the_limit_is_reached(world: World) -> None:
    ann = limited(world, "batches=1")
    body = {"model": ann.model(), "input_file_id": ann.manifest()}
    key = {"Idempotency-Key": "once"}
    made = [ann.ask("POST", "/v1/batches", json=body, headers=key) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 200]


def test_a_batch_says_its_priority_and_whether_it_is_paused(ann: Owner) -> None:
    model = ann.push("hello")
    batch = ann.batch(model, priority="high")
    assert (batch["priority"], batch["paused"]) == ("high", False)
    place = f"/v1/batches/{batch['id']}"
    for _ in range(2):
        paused = ann.ask("POST", f"{place}/pause").json
        assert (paused["status"], paused["paused"]) == ("validating", True)
    ann.world.run("batch", batch["id"])
    told = ann.ask("GET", place).json
    assert (told["status"], told["paused"]) == ("in_progress", True)
    assert told["request_counts"]["completed"] == 0
    assert ann.ask("POST", f"{place}/resume").json["paused"] is False
    ann.world.run("batch", batch["id"])
    assert ann.ask("GET", place).json["status"] == "completed"
    for verb in ("pause", "resume"):
        assert ann.ask("POST", f"{place}/{verb}").status_code == 409


def test_a_paused_batch_can_be_cancelled(ann: Owner) -> None:
    model = ann.push("hello")
    id = ann.batch(model)["id"]
    ann.ask("POST", f"/v1/batches/{id}/pause")
    ann.world.run("batch", id)
    ann.ask("POST", f"/v1/batches/{id}/cancel")
    ann.world.run("batch", id)
    told = ann.ask("GET", f"/v1/batches/{id}").json
    assert (told["status"], told["request_counts"]["cancelled"]) == ("cancelled", 3)


@pytest.mark.parametrize("priority", ["urgent", 1, None, ["high"]])
def test_another_priority_is_refused(ann: Owner, priority: object) -> None:
    body = {"model": ann.model(), "input_file_id": ann.manifest(), "priority": priority}
    refused = ann.ask("POST", "/v1/batches", json=body)
    assert (refused.status_code, refused.json["field"]) == (422, "priority")


def test_a_version_says_which_workers_it_needs(ann: Owner) -> None:
    from safepush.version import read_bundle
    from tests.functional.conftest import ROOT

    model = ann.push("hello")
    files = [file.to_json() for file in read_bundle(ROOT / "examples" / "models" / "hello").files]
    place = f"/v1/models/{model}/versions"
    asked = ann.ask("POST", place, json={"files": files, "hardware": "a100"}).json
    assert asked["hardware"] == "a100"
    batch = ann.batch(f"{model}:{asked['id']}")
    assert batch["hardware"] == "a100"
    refused = ann.ask("POST", place, json={"files": files, "hardware": "A 100"})
    assert (refused.status_code, refused.json["field"]) == (422, "hardware")


@pytest.mark.parametrize(
    ("config", "hardware"),
    [
        ("build:\n  gpu: true\n", "gpu"),
        ("build:\n  gpu: false\n", None),
        ("build: [1]\n", None),
        ("[not, an, object]\n", None),
        ("not: [yaml", None),
    ],
)
def test_a_cog_yaml_that_wants_a_gpu_asks_for_one(
    ann: Owner, config: str, hardware: str | None
) -> None:
    import hashlib

    name = f"{ann.name}/wants"
    ann.ask("POST", "/v1/models", json={"owner": ann.name, "name": "wants"})
    text = config.encode()
    sha256 = hashlib.sha256(text).hexdigest()
    ann.ask("PUT", f"/v1/blobs/{sha256}", data=text)
    file = {"path": "cog.yaml", "sha256": sha256, "size": len(text), "executable": False}
    told = ann.ask("POST", f"/v1/models/{name}/versions", json={"files": [file]}).json
    assert told["hardware"] == hardware
