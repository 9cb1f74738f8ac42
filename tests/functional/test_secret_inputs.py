"""Secret inputs: the model has them, nobody is shown them, and they are gone after the end."""

import hashlib
import secrets
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from tests.functional.conftest import Owner
from tests.functional.test_trainings import destination

SAFE = "**********"
MODEL = """
import hashlib
from cog import BasePredictor, Input, Path, Secret

def digest(secret):
    return hashlib.sha256(secret.get_secret_value().encode()).hexdigest()

class Predictor(BasePredictor):
    def predict(
        self, text: str, key: Secret, more: list[Secret] = Input(default=[]),
        spare: Secret = Input(default=None),
    ) -> str:
        if text == "fail":
            raise ValueError("no")
        return " ".join(map(digest, [key, *more, *([spare] if spare else [])]))

def train(key: Secret) -> Path:
    Path("weights.txt").write_text(digest(key))
    return Path("weights.txt")
"""


@pytest.fixture(scope="module")
def bob(world: Any, tmp_path_factory: pytest.TempPathFactory) -> Owner:
    folder = tmp_path_factory.mktemp("secretive")
    (folder / "cog.yaml").write_text("predict: predict.py:Predictor\ntrain: predict.py:train\n")
    (folder / "predict.py").write_text(MODEL)
    owner: Owner = world.owner()
    owner.push(str(folder), f"{owner.name}/secretive")
    return owner


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def everything(owner: Owner) -> bytes:
    """All that the database holds."""
    with owner.world.made.store.database.engine.connect() as connection:
        tables = sqlalchemy.inspect(connection).get_table_names()
        asked = [connection.execute(sqlalchemy.text(f'SELECT * FROM "{one}"')) for one in tables]
        rows = [tuple(row) for table in asked for row in table]  # rows of its own are shown cut
    return repr(rows).encode()


@pytest.mark.parametrize("text", ["succeed", "fail"])
def test_the_model_has_them_and_nobody_else(bob: Owner, text: str) -> None:
    key, *more = (f"hush-{secrets.token_hex(8)}" for _ in range(3))
    given = {"text": text, "key": key, "more": more}
    body = {"version": f"{bob.name}/secretive", "input": given, "webhook": "https://x.test/hook"}

    made = bob.ask("POST", "/v1/predictions", json=body)
    place = f"/v1/predictions/{made.json['id']}"
    before = bob.ask("GET", place)
    bob.world.run("prediction", made.json["id"])
    after = bob.ask("GET", place)
    listed = bob.ask("GET", "/v1/predictions")
    kept = everything(bob)

    shown = {"text": text, "key": SAFE, "more": [SAFE, SAFE]}
    assert [one.json["input"] for one in (made, before, after)] == [shown] * 3
    if text == "succeed":
        assert after.json["output"], after.json["logs"]
        assert after.json["output"] == " ".join(map(digest, [key, *more]))
    else:
        assert after.json["status"] == "failed"
    assert SAFE.encode() in kept  # in the bodies of its events
    for answer in (made.data, before.data, after.data, listed.data, kept):
        assert b"hush-" not in answer


def test_one_that_is_cancelled_before_it_ran_keeps_none(bob: Owner) -> None:
    body = {"version": f"{bob.name}/secretive", "input": {"text": "x", "key": "hush-hush"}}
    id = bob.ask("POST", "/v1/predictions", json=body).json["id"]
    assert b"hush-hush" in everything(bob)  # somebody has to run it

    told = bob.ask("POST", f"/v1/predictions/{id}/cancel").json

    assert (told["status"], told["input"]) == ("canceled", {"text": "x", "key": SAFE})
    assert b"hush-hush" not in everything(bob)


def test_a_training_has_them_too(bob: Owner) -> None:
    model = f"{bob.name}/secretive"
    live = bob.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]
    body = {"destination": destination(bob), "input": {"key": "hush-training"}}

    made = bob.ask("POST", f"/v1/models/{model}/versions/{live}/trainings", json=body)
    bob.world.run("training", made.json["id"])
    after = bob.ask("GET", f"/v1/trainings/{made.json['id']}")

    assert (made.json["input"], after.json["input"]) == ({"key": SAFE}, {"key": SAFE})
    assert after.json["status"] == "succeeded", after.json
    assert b"hush-training" not in made.data + after.data + everything(bob)


def test_what_looks_like_a_kept_secret_is_given_as_it_is(bob: Owner, tmp_path: Path) -> None:
    (tmp_path / "cog.yaml").write_text("predict: predict.py:predict\n")
    (tmp_path / "predict.py").write_text("def predict(any: dict) -> dict:\n    return any\n")
    model = bob.push(str(tmp_path), f"{bob.name}/any")
    body = {"version": model, "input": {"any": {"deep": {"penstock.secret": "x"}}}}

    id = bob.ask("POST", "/v1/predictions", json=body).json["id"]
    bob.world.run("prediction", id)

    assert bob.ask("GET", f"/v1/predictions/{id}").json["output"] == body["input"]["any"]
