"""The section train: trainings, the versions that they make, and odd inputs."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from safepush import commands
from safepush.config import load
from safepush.errors import ConfigInvalid
from tests.unit.safepush.conftest import SCHEMA, FakeServer

MADE = "d" * 64
GOOD = {"output": {"version": f"me/hello-dest:{MADE}", "weights": "data:text/plain,w"}}
SECTION = """
train:
  train_timeout: 60
  test_cases:
    - inputs: {steps: 2}
      jq_query: .version
      predict:
        - inputs: {text: you}
          exact_string: hello you
    - inputs: {steps: 0}
      error_contains: at least one
"""


def trained(inputs: dict[str, Any]) -> dict[str, Any]:
    """A model that trains, and says what it does not take."""
    if inputs.get("steps", 1) < 1:
        return {"status": "failed", "error": "ValueError: steps: at least one"}
    return GOOD


@pytest.fixture
def able(server: FakeServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """A server that trains, and a folder with a section train."""
    monkeypatch.setenv("PENSTOCK_URL", server.url)
    monkeypatch.setenv("PENSTOCK_TOKEN", "t0ken")
    server.schema = copy.deepcopy(SCHEMA)
    steps = {"type": "integer", "description": "How many.", "default": 1, "minimum": 0}
    schemas = server.schema["components"]["schemas"]
    schemas["TrainingInput"] = {"properties": {"steps": steps}}
    schemas["TrainingOutput"] = {"type": "object"}
    server.training = trained
    write(folder, SECTION)
    return server


def write(folder: Path, section: str) -> None:
    plain = (folder / "safepush.yaml").read_text().partition("\ntrain:")[0]
    (folder / "safepush.yaml").write_text(plain + section)


def check(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """The exit status, and what the check said."""
    done = CliRunner().invoke(commands.command, ["push", str(folder), "--json", *words])
    told = json.loads(done.stdout)
    (found,) = (one for one in told["checks"] if one["name"] == "train")
    return done.exit_code, found


def test_a_training_and_its_version_are_held_to_their_cases(able: FakeServer, folder: Path) -> None:
    status, found = check(folder)

    assert (status, found["verdict"]) == (0, "passed"), found
    assert [one["name"] for one in found["items"]] == [
        "train.test_cases[0]",
        "train.test_cases[0].predict[0]",
        "train.test_cases[1]",
    ]
    assert {one["destination"] for one in able.trainings} == {"me/hello-dest"}
    assert "me/hello-dest" in able.models
    assert f"DELETE /v1/models/me/hello-dest/versions/{MADE}" in able.requests


def test_a_trained_version_that_gives_something_else_fails(able: FakeServer, folder: Path) -> None:
    write(folder, SECTION.replace("exact_string: hello you", "exact_string: good day"))

    status, found = check(folder)

    assert (status, found["verdict"]) == (1, "failed")
    assert found["reasons"][0].startswith("train.test_cases[0].predict[0]: prediction p1: ")


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        (
            "{steps: 2}",
            "{stesp: 2}",
            "train.test_cases[0]: sets `stesp`, which the version does not take and would drop; "
            "it takes: steps",
        ),
        (
            "{text: you}",
            "{text: you, steps: 2}",
            "train.test_cases[0].predict[0]: sets `steps`, which the version does not take and "
            "would drop; it takes: text",
        ),
    ],
)
def test_an_input_that_would_be_dropped_fails_a_case(
    able: FakeServer, folder: Path, right: str, wrong: str, reason: str
) -> None:
    write(folder, SECTION.replace(right, wrong))

    status, found = check(folder)

    assert (status, found["verdict"], found["reasons"][0]) == (1, "failed", reason)


def test_a_training_without_a_word_of_its_version_has_it_tried_all_the_same(
    able: FakeServer, folder: Path
) -> None:
    write(folder, "\ntrain: {test_cases: [{inputs: {}}]}\n")
    able.prediction = {"status": "failed", "error": "RuntimeError: no weights"}

    _, found = check(folder)

    (reason,) = found["reasons"]
    assert reason.startswith("train.test_cases[0].predict[0]: prediction p1 failed: RuntimeError")


@pytest.mark.parametrize(
    ("training", "reason"),
    [
        ({"output": {"weights": "x"}}, "names no version of me/hello-dest"),
        ({"output": None}, "names no version"),
        ({"output": {"version": f"other/model:{MADE}"}}, "names no version of me/hello-dest"),
        ({"status": "failed", "error": "CUDA error"}, "prediction t1 failed: CUDA error"),
        ({"status": "canceled"}, "ended as canceled"),
    ],
)
def test_a_training_that_makes_nothing_fails(
    able: FakeServer, folder: Path, training: dict[str, Any], reason: str
) -> None:
    able.training = lambda inputs: training
    write(folder, "\ntrain: {test_cases: [{inputs: {}}]}\n")

    status, found = check(folder)

    assert (status, found["verdict"]) == (1, "failed")
    assert reason in found["reasons"][0]


def test_odd_inputs_are_tried_in_trainings(able: FakeServer, folder: Path) -> None:
    def breaks(inputs: dict[str, Any]) -> dict[str, Any]:
        if inputs.get("steps", 1) == 0:
            return {"status": "failed", "error": "ZeroDivisionError: division by zero"}
        return GOOD

    write(folder, "\ntrain: {fuzz: {iterations: 8}}\n")
    _, sound = check(folder)
    able.training = breaks
    status, found = check(folder)

    assert sound["verdict"] == "failed"  # `steps: 0` is within its own limit, and refused
    assert "fuzz-refused" in sound["items"][-1]["reasons"][1]
    assert (status, found["verdict"]) == (1, "failed")
    told = found["items"][-1]["reasons"]
    assert "fuzz-crash at input.steps" in told[1]
    assert told[2] == '  as a test case of train: - {"inputs": {"steps": 0}}'
    assert any(one["input"].get("steps") == 0 for one in able.trainings)


def test_odd_inputs_that_are_all_taken_pass(able: FakeServer, folder: Path) -> None:
    able.training = lambda inputs: GOOD
    write(folder, "\ntrain: {fuzz: {iterations: 8}}\n")

    status, found = check(folder)

    assert (status, found["verdict"]) == (0, "passed"), found
    assert len(able.trainings) >= 8


def test_trainings_that_the_budget_cuts_short_are_unsure_and_leave_nothing_behind(
    able: FakeServer, folder: Path
) -> None:
    status, found = check(folder, "--budget", "3")  # a case before it, and two trainings
    able.training = lambda inputs: GOOD
    write(folder, "\ntrain: {fuzz: {iterations: 8}}\n")
    _, odd = check(folder, "--budget", "3")

    assert (status, found["verdict"]) == (3, "unsure")
    assert found["reasons"][0].startswith("the budget is spent after 2 of 4 predictions")
    assert [one["verdict"] for one in found["items"]] == ["passed", "unsure", "passed"]
    assert any(one.startswith("DELETE ") and MADE in one for one in able.requests)
    assert odd["verdict"] == odd["items"][-1]["verdict"] == "unsure"
    assert odd["reasons"][0].startswith("the budget is spent after 2 of 8 predictions")


def test_what_cannot_be_trained_is_told(able: FakeServer, folder: Path) -> None:
    able.training = None
    status, away = check(folder)
    able.training = trained
    del able.schema["components"]["schemas"]["TrainingInput"]
    _, unable = check(folder)
    write(folder, "\ntrain: {}\n")
    _, nothing = check(folder)

    assert (status, away["verdict"]) == (3, "unsure")
    assert away["reasons"] == ["not exercised: this server has no trainings (2 test cases)"]
    assert (unable["verdict"], nothing["verdict"]) == ("failed", "unsure")
    assert unable["reasons"] == ["the version cannot be trained: cog.yaml has no `train`"]


@pytest.mark.parametrize("destination", ["me/hello", "me/hello-test", "nobody"])
def test_what_is_trained_in_a_test_goes_to_a_model_of_its_own(
    tmp_path: Path, destination: str
) -> None:
    path = tmp_path / "safepush.yaml"
    head = "model: me/hello\ntest_model: me/hello-test\n"
    path.write_text(f"{head}train: {{destination: {destination}}}\n")

    with pytest.raises(ConfigInvalid) as caught:
        load(path)

    assert [one.place for one in caught.value.problems] == ["train.destination"]


def test_only_a_training_says_what_its_version_gives(tmp_path: Path) -> None:
    path = tmp_path / "safepush.yaml"
    path.write_text("model: me/hello\npredict: {test_cases: [{inputs: {}, predict: []}]}\n")

    with pytest.raises(ConfigInvalid, match="unknown key"):
        load(path)
