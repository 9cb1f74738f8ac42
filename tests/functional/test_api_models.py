"""Models and versions through the API, and whose they are."""

import hashlib
from typing import Any

import pytest

from tests.functional.conftest import Owner, World

DIGEST = "ab" * 32


def file(content: bytes, path: str = "cog.yaml", **fields: Any) -> dict[str, Any]:
    sha256 = hashlib.sha256(content).hexdigest()
    return {"path": path, "sha256": sha256, "size": len(content), "executable": False} | fields


def test_a_model_is_made_once(ann: Owner) -> None:
    body = {"owner": ann.name, "name": "m", "visibility": "private", "hardware": "cpu"}

    made = ann.ask("POST", "/v1/models", json=body)

    assert made.status_code == 201
    assert made.json["url"] == f"https://penstock.test/v1/models/{ann.name}/m"
    assert made.json["aliases"] == {"live": None, "staging": None}
    assert ann.ask("POST", "/v1/models", json=body).status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "model"),
        ({"owner": "a"}, "model"),
        ({"owner": "", "name": ""}, "model"),
        ({"owner": "A", "name": "b"}, "model"),
        ({"owner": "a/b", "name": "c"}, "model"),
        ({"owner": "a", "name": "b\0"}, "model"),
        ({"owner": "..", "name": ".."}, "model"),
        ({"owner": 5, "name": {"a": 1}}, "model"),
        ({"owner": "a", "name": "n" * 200}, "model"),
        ({"owner": "a", "name": "b", "visibility": "public"}, "visibility"),
        ({"owner": "a", "name": "b", "colour": "red"}, "colour"),
    ],
)
def test_a_model_that_cannot_be_is_refused(ann: Owner, body: dict[str, Any], field: str) -> None:
    answer = ann.ask("POST", "/v1/models", json=body)

    assert answer.status_code == 422
    assert answer.json["field"] == field


@pytest.mark.parametrize(
    ("files", "field"),
    [
        (None, "files"),
        ([], "files"),
        ({}, "files"),
        ("cog.yaml", "files"),
        ([file(b"", "predict.py")], "files"),
        ([5], "files[0]"),
        ([file(b"", "../cog.yaml")], "files[0].path"),
        ([file(b"", "/cog.yaml")], "files[0].path"),
        ([file(b"", "a\0b")], "files[0].path"),
        ([file(b"", 7)], "files[0].path"),
        ([file(b""), file(b"")], "files[1].path"),
        ([file(b"", size=-1)], "files[0].size"),
        ([file(b"", size="1")], "files[0].size"),
        ([file(b"", size=True)], "files[0].size"),
        ([file(b"", size=2**63)], "files[0].size"),
        ([file(b"", sha256="x")], "files[0].sha256"),
        ([file(b"", executable="yes")], "files[0].executable"),
    ],
)
def test_a_bundle_that_cannot_be_is_refused(ann: Owner, files: Any, field: str) -> None:
    model = ann.model()

    answer = ann.ask("POST", f"/v1/models/{model}/versions", json={"files": files})

    assert answer.status_code == 422
    assert answer.json["field"] == field


def test_a_push_asks_for_what_is_missing_and_then_keeps_the_version(ann: Owner) -> None:
    model, content = ann.model(), f"predict: p.py:P # {ann.name}".encode()
    path, body = f"/v1/models/{model}/versions", {"files": [file(content)]}

    first = ann.ask("POST", path, json=body)
    sha256 = first.json["missing"][0]
    assert ann.ask("HEAD", f"/v1/blobs/{sha256}").status_code == 404
    sent = ann.ask("PUT", f"/v1/blobs/{sha256}", data=content)
    second = ann.ask("POST", path, json=body)

    assert (first.status_code, sent.status_code, second.status_code) == (200, 201, 201)
    assert ann.ask("HEAD", f"/v1/blobs/{sha256}").status_code == 200
    assert first.json["id"] == second.json["id"]
    assert second.json["state"] == "pushed"
    assert ann.ask("POST", path, json=body).json["id"] == second.json["id"]


def test_bytes_under_another_hash_are_refused_and_not_kept(ann: Owner) -> None:
    sha256 = hashlib.sha256(b"other").hexdigest()

    answer = ann.ask("PUT", f"/v1/blobs/{sha256}", data=b"these")

    assert (answer.status_code, answer.json["code"]) == (422, "hash_mismatch")
    assert ann.ask("HEAD", f"/v1/blobs/{sha256}").status_code == 404
    assert ann.ask("PUT", "/v1/blobs/nothash", data=b"x").status_code == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"version": None}, 422),
        ({"version": "live"}, 422),
        ({"version": ["x"]}, 422),
        ({"version": DIGEST}, 404),
        ({"version": DIGEST, "expected": 5}, 422),
        ({"version": DIGEST, "expected": ["x"]}, 422),
        ({"version": DIGEST, "force": True}, 422),
    ],
)
def test_a_promotion_that_cannot_be_is_refused(
    ann: Owner, body: dict[str, Any], status: int
) -> None:
    place = f"/v1/models/{ann.model()}/aliases/live"

    assert ann.ask("PUT", place, json=body).status_code == status


def test_an_alias_moves_only_from_what_was_expected_and_one_step_back(ann: Owner) -> None:
    model = ann.model()
    place = f"/v1/models/{model}/aliases/live"
    first = ann.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]
    second = ann.push("hello", f"{ann.name}/hello")  # another model's version is not this one's
    theirs = ann.ask("GET", f"/v1/models/{second}").json["aliases"]["live"]

    assert ann.ask("PUT", place, json={"version": theirs}).status_code == 404
    late = ann.ask("PUT", place, json={"version": first, "expected": DIGEST})
    assert late.status_code == 409
    assert ann.ask("POST", f"{place}/rollback").status_code == 409
    assert ann.ask("PUT", f"/v1/models/{model}/aliases/best", json={}).status_code == 404
    assert len(ann.ask("GET", f"{place}/history").json["results"]) == 1


def test_a_token_that_may_not_promote_moves_staging_and_never_live(
    world: World, ann: Owner
) -> None:
    model = ann.model()
    place = f"/v1/models/{model}/aliases"
    live = ann.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]
    token = world.services.tokens.create("ci", ann.name, [], promotes=False)
    ci = Owner(world, ann.name, token)

    refused = ci.ask("PUT", f"{place}/live", json={"version": live})
    assert refused.status_code == 403
    assert "--no-promote" in refused.json["detail"]
    assert ci.ask("POST", f"{place}/live/rollback").status_code == 403
    assert ci.ask("PUT", f"{place}/staging", json={"version": live}).status_code == 200
    told = {one["name"]: one["promotes"] for one in world.services.tokens.all()}
    assert (told["ci"], told["test"]) == (False, True)


# --- whose it is ------------------------------------------------------------------------------


def test_a_model_is_nobody_else_s(ann: Owner, bob: Owner) -> None:
    model = ann.model()
    live = ann.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]
    base = f"/v1/models/{model}"

    tries = [
        ("GET", base, None),
        ("GET", f"{base}/versions", None),
        ("GET", f"{base}/versions/{live}", None),
        ("GET", f"{base}/versions/{live}/files", None),
        ("GET", f"{base}/versions/{live}/files/{'0' * 64}", None),
        ("POST", f"{base}/versions", {"files": [file(b"")]}),
        ("PUT", f"{base}/aliases/live", {"version": live}),
        ("PUT", f"{base}/aliases/staging", {"version": live}),
        ("POST", f"{base}/aliases/live/rollback", None),
        ("GET", f"{base}/aliases/live/history", None),
        ("POST", "/v1/predictions", {"version": model, "input": {"text": "x"}}),
        ("POST", "/v1/predictions", {"version": live, "input": {"text": "x"}}),
        ("POST", "/v1/predictions", {"version": f"{model}:{live}", "input": {"text": "x"}}),
        ("POST", "/v1/batches", {"model": model, "input_file_id": bob.manifest()}),
        ("POST", "/v1/batches", {"model": live, "input_file_id": bob.manifest()}),
    ]
    for method, path, body in tries:
        answer = bob.ask(method, path, **({"json": body} if body else {}))
        assert answer.status_code == 404, (method, path)
    assert bob.ask("GET", "/v1/models").json["results"] == []
    assert [one["name"] for one in ann.ask("GET", "/v1/models").json["results"]] == [
        model.partition("/")[2]
    ]


def test_the_same_digest_means_each_owner_s_own_model(ann: Owner, bob: Owner) -> None:
    digest = hashlib.sha256(ann.name.encode()).hexdigest()
    ann.model(digest=digest)
    theirs = bob.model(digest=digest)

    body = {"version": digest, "input": {"text": "x"}}

    assert bob.ask("POST", "/v1/predictions", json=body).json["model"] == theirs


@pytest.mark.parametrize("what", ["batches", "predictions", "files"])
def test_another_owner_s_things_are_not_found(ann: Owner, bob: Owner, what: str) -> None:
    model = ann.push("hello")
    ids = {
        "batches": ann.finished(model)["id"],
        "files": ann.manifest(),
        "predictions": ann.ask(
            "POST", "/v1/predictions", json={"version": model, "input": {"text": "x"}}
        ).json["id"],
    }
    id = ids[what]
    tries = {
        "batches": [
            ("GET", ""),
            ("POST", "/cancel"),
            ("POST", "/retry-failed"),
            ("GET", "/results/output.jsonl"),
            ("GET", "/files/000000000000.1/output.jsonl"),
        ],
        "predictions": [("GET", ""), ("POST", "/cancel"), ("GET", "/files/1/x")],
        "files": [("GET", ""), ("GET", "/content"), ("DELETE", "")],
    }
    for method, path in tries[what]:
        assert bob.ask(method, f"/v1/{what}/{id}{path}").status_code == 404, path
    # and as if it had never been: the same words as for an id of nothing
    nothing = bob.ask("GET", f"/v1/{what}/{id[:-1]}").json["detail"]
    assert bob.ask("GET", f"/v1/{what}/{id}").json["detail"] == nothing.replace(id[:-1], id)
    assert bob.ask("GET", f"/v1/{what}").json.get("data", []) == []
    if what == "batches":
        assert bob.ask("GET", f"/v1/files/file_{id}_output/content").status_code == 404
    if what == "files":
        body = {"model": bob.model(), "input_file_id": id}
        assert bob.ask("POST", "/v1/batches", json=body).status_code == 404
