"""Trainings: what is asked, what comes of it, and that a version comes whole or not at all."""

import io
import json
import secrets
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jobs.wiring import clock
from jobs.worker.drain import Drain
from jobs.worker.train import Train
from tests.functional.conftest import Owner, World
from tests.servers.penstock import until

POINTS = b"0,1\n1,3\n2,5\n"
LINE = "../../tests/models/line"


@pytest.fixture(scope="module")
def owner(world: World) -> Owner:
    owner = world.owner()
    owner.push(LINE, f"{owner.name}/line")
    return owner


def destination(owner: Owner) -> str:
    name = f"fine-{secrets.token_hex(4)}"
    assert (
        owner.ask("POST", "/v1/models", json={"owner": owner.name, "name": name}).status_code < 300
    )
    return f"{owner.name}/{name}"


def place(owner: Owner) -> str:
    live = owner.ask("GET", f"/v1/models/{owner.name}/line").json["aliases"]["live"]
    return f"/v1/models/{owner.name}/line/versions/{live}/trainings"


def asked(owner: Owner, **body: Any) -> Any:
    given = {"points": owner.upload(POINTS, "points.csv"), "steps": 400} | body.pop("input", {})
    body = {"destination": body.pop("to", None) or destination(owner), "input": given, **body}
    return owner.ask("POST", place(owner), json=body)


def trained(owner: Owner, **body: Any) -> dict[str, Any]:
    """A training, to its end."""
    made = asked(owner, **body)
    assert made.status_code == 201, made.text
    owner.world.run("training", made.json["id"])
    return owner.ask("GET", f"/v1/trainings/{made.json['id']}").json


def versions(owner: Owner, model: str) -> list[dict[str, Any]]:
    return owner.ask("GET", f"/v1/models/{model}/versions").json["results"]


def predicted(owner: Owner, version: str, **given: Any) -> Any:
    made = owner.ask("POST", "/v1/predictions", json={"version": version, "input": given}).json
    owner.world.run("prediction", made["id"])
    return owner.ask("GET", f"/v1/predictions/{made['id']}").json


def test_what_was_trained_is_a_version_that_predicts_by_its_weights(owner: Owner) -> None:
    to = destination(owner)
    base = place(owner).split("/")[-2]
    owner.world.made.blobs.put(f"locks/{base}/here.txt", [b"numpy==1\n"])
    told = trained(owner, to=to)

    assert (told["status"], told["error"], told["destination"]) == ("succeeded", None, to)
    assert told["logs"].splitlines()[:2] == ["step 0 of 400", "step 100 of 400"]
    assert told["metrics"]["predict_time"] > 0
    [version] = versions(owner, to)
    assert told["output"]["version"] == f"{to}:{version['id']}"
    assert version["state"] == "ready"
    assert told["output"]["error"] < 1e-6
    weights = owner.world.made.app.test_client().get(
        told["output"]["weights"].removeprefix("https://penstock.test")
    )
    assert json.loads(weights.data) == {"slope": 2.0, "offset": 1.0}

    assert predicted(owner, told["output"]["version"], x=10.0)["output"] == 21.0
    # what the training wrote beside the code is not there for others
    assert predicted(owner, f"{owner.name}/line", x=10.0)["output"] == 10.0
    # what it asks for of pip is what the trained one got
    blobs = owner.world.made.blobs
    assert b"".join(blobs.open(f"locks/{version['id']}/here.txt")) == b"numpy==1\n"
    again = trained(owner, to=to)  # the same weights are the same version
    assert again["output"]["version"] == told["output"]["version"]
    assert len(versions(owner, to)) == 1


def test_a_trained_version_is_trained_further_and_its_address_is_an_input(owner: Owner) -> None:
    to = destination(owner)
    first = trained(owner, to=to, input={"steps": 1})["output"]
    digest = first["version"].partition(":")[2]
    body = {"destination": to, "input": {"points": first["weights"]}}
    made = owner.ask("POST", f"/v1/models/{to}/versions/{digest}/trainings", json=body).json
    owner.world.run("training", made["id"])

    told = owner.ask("GET", f"/v1/trainings/{made['id']}").json
    assert told["status"] == "failed"  # the weights were brought, and are no points
    assert "ValueError" in told["error"]
    files = owner.ask("GET", f"/v1/models/{to}/versions/{digest}/files").json["files"]
    assert [one["path"] for one in files if ".cog" in one["path"]] == [".cog/weights/weights"]


def test_a_zip_is_looked_through_before_the_model_has_it(owner: Owner) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.csv", POINTS)
        archive.writestr("b.csv", b"3,7\n")
    good = owner.upload(whole.getvalue(), "points.zip")
    assert trained(owner, input={"points": good})["status"] == "succeeded"

    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("../../c.csv", POINTS)
    to = destination(owner)
    told = trained(owner, to=to, input={"points": owner.upload(whole.getvalue(), "points.zip")})
    assert told["status"] == "failed"
    assert told["error"].startswith("input.points: the zip: ../../c.csv cannot be unpacked")
    assert told["logs"] == ""
    assert versions(owner, to) == []


@pytest.mark.parametrize(
    ("fails", "why"),
    [
        ("raise", "RuntimeError: it does not converge"),
        ("exit", "while it trained, the model process ended itself with exit status 7"),
        ("nothing", "with the weights that it gave: ValueError: a line of slope 0 says nothing"),
    ],
)
def test_a_training_that_fails_says_why_and_makes_no_version(
    owner: Owner, fails: str, why: str
) -> None:
    to = destination(owner)
    told = trained(owner, to=to, input={"fails": fails, "steps": 4})

    assert (told["status"], told["output"]) == ("failed", None)
    assert why in told["error"]
    assert "step 3 of 4" in told["logs"]
    assert versions(owner, to) == []


def test_every_fault_of_an_input_is_told_at_once_and_nothing_is_kept(owner: Owner) -> None:
    before = owner.ask("GET", "/v1/trainings").json["results"]
    bad = {"steps": 0, "rate": "fast", "scale": "ten", "points": 5}
    answer = owner.ask("POST", place(owner), json={"destination": destination(owner), "input": bad})

    assert answer.status_code == 422
    fields = {fault["field"] for fault in answer.json["invalid_fields"]}
    assert fields == {"input.steps", "input.rate", "input.scale", "input.points"}
    assert owner.ask("GET", "/v1/trainings").json["results"] == before


def test_what_cannot_be_trained_is_refused(owner: Owner, world: World) -> None:
    given = {"points": "file_" + "0" * 32}
    for body, status, field in (
        ({"input": given}, 422, "destination"),
        ({"destination": "nothing", "input": given}, 422, "destination"),
        ({"destination": f"{owner.name}/nowhere", "input": given}, 404, None),
        ({"destination": destination(world.owner()), "input": given}, 404, None),
        ({"destination": destination(owner), "input": []}, 422, "input"),
        ({"destination": destination(owner), "speed": 1}, 422, "speed"),
        ({"destination": destination(owner), "version": "other"}, 422, "version"),
    ):
        answer = owner.ask("POST", place(owner), json=body)
        assert (answer.status_code, answer.json.get("field")) == (status, field), answer.text
    bare = owner.model()
    live = owner.ask("GET", f"/v1/models/{bare}").json["aliases"]["live"]
    body = {"destination": destination(owner), "input": {}}
    answer = owner.ask("POST", f"/v1/models/{bare}/versions/{live}/trainings", json=body)
    assert answer.status_code == 422
    assert "its cog.yaml has no train" in answer.json["detail"]


def test_trainings_and_predictions_are_lists_of_their_own(owner: Owner, world: World) -> None:
    made = asked(owner).json
    prediction = owner.ask(
        "POST", "/v1/predictions", json={"version": f"{owner.name}/line", "input": {"x": 1.0}}
    ).json
    trainings = owner.ask("GET", "/v1/trainings").json["results"]
    assert trainings[0] == made
    assert {one["id"][:6] for one in trainings} == {"train_"}
    predictions = owner.ask("GET", "/v1/predictions").json["results"]
    assert {one["id"][:5] for one in predictions} == {"pred_"}
    for kind, id in (("predictions", made["id"]), ("trainings", prediction["id"])):
        assert owner.ask("GET", f"/v1/{kind}/{id}").status_code == 404
        assert owner.ask("POST", f"/v1/{kind}/{id}/cancel").status_code == 404
        assert owner.ask("DELETE", f"/v1/{kind}/{id}").status_code == 404
    assert world.owner().ask("GET", f"/v1/trainings/{made['id']}").status_code == 404
    # as long as it is to go on, what it is made of and goes to stays
    assert owner.ask("DELETE", f"/v1/models/{made['destination']}").status_code == 409
    assert owner.ask("POST", f"/v1/trainings/{made['id']}/cancel").json["status"] == "canceled"
    assert owner.ask("DELETE", f"/v1/trainings/{made['id']}").status_code == 204
    assert owner.ask("DELETE", f"/v1/models/{made['destination']}").status_code == 204


def test_the_first_version_goes_live_if_the_token_may_say_so(owner: Owner, world: World) -> None:
    to = destination(owner)
    first = trained(owner, to=to)["output"]["version"]
    trained(owner, to=to, input={"steps": 2})
    assert f"{to}:{owner.ask('GET', f'/v1/models/{to}').json['aliases']['live']}" == first

    token = world.services.tokens.create("ci", owner.name, (), promotes=False)
    other = destination(owner)
    ci = Owner(world, owner.name, token)
    assert trained(ci, to=other)["status"] == "succeeded"
    assert owner.ask("GET", f"/v1/models/{other}").json["aliases"]["live"] is None


KEY = secrets.token_hex(8)


@pytest.mark.parametrize(
    ("once", "again"),
    [
        ({"Idempotency-Key": KEY}, {"Idempotency-Key": KEY}),
        ({"X-Stainless-Retry-Count": "0"}, {"X-Stainless-Retry-Count": "1"}),
    ],
    ids=["the same key", "a client that says that it repeats itself"],
)
def test_one_wish_is_one_training(
    owner: Owner, once: dict[str, str], again: dict[str, str]
) -> None:
    body = {"destination": destination(owner), "input": {"points": owner.upload(POINTS, "p.csv")}}
    first = owner.ask("POST", place(owner), json=body, headers=once)
    second = owner.ask("POST", place(owner), json=body, headers=again)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["id"] == second.json["id"]
    owner.ask("POST", f"/v1/trainings/{first.json['id']}/cancel")


def test_a_version_whose_train_cannot_be_loaded_says_so_when_it_is_pushed(
    owner: Owner, tmp_path: Any
) -> None:
    (tmp_path / "cog.yaml").write_text('predict: "model.py:run"\ntrain: "model.py:train"\n')
    (tmp_path / "model.py").write_text(
        "def run(x: int) -> int:\n    return x\n\ndef train(x: int) -> str:\n    return ''\n"
    )
    with pytest.raises(AssertionError):
        owner.push(str(tmp_path), f"{owner.name}/wrong")
    [version] = versions(owner, f"{owner.name}/wrong")
    assert version["state"] == "failed"
    assert version["error"] == (
        "train: BadModel: train() must give its weights: a Path, or an object with weights: Path"
    )


def runner(world: World, drain: Drain, timeout_s: float = 60.0) -> Train:
    made = world.made
    parts = (made.store, made.blobs, made.warm, made.sources.fetch, drain, clock)
    return Train(*parts, url="https://penstock.test", timeout_s=timeout_s)


def test_a_training_that_takes_too_long_is_ended(owner: Owner, world: World) -> None:
    made = asked(owner, input={"pause_s": 60.0}).json
    runner(world, Drain(), timeout_s=1.0).run(made["id"])

    told = owner.ask("GET", f"/v1/trainings/{made['id']}").json
    assert told["status"] == "failed"
    assert told["error"] == "while it trained, it took longer than the time allowed"
    assert told["logs"] == "step 0 of 400\n"
    assert versions(owner, made["destination"]) == []


def test_a_worker_that_is_told_to_end_leaves_a_training_to_another(
    owner: Owner, world: World
) -> None:
    made = asked(owner, input={"pause_s": 0.6}).json
    drain = Drain()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(runner(world, drain).run, made["id"])
        until(lambda: "step" in owner.ask("GET", f"/v1/trainings/{made['id']}").json["logs"])
        drain.hurry.set()
        assert done.result(30) is False
    left = world.made.store.predictions.get(made["id"])
    assert (left.state, left.attempts) == ("processing", 0)

    world.run("training", made["id"])
    told = owner.ask("GET", f"/v1/trainings/{made['id']}").json
    assert told["status"] == "succeeded"
    assert len(versions(owner, made["destination"])) == 1
