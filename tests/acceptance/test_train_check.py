"""The section train before a real server: trainings, the versions they make, and odd inputs."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.test_safepush import Outcome, safepush
from tests.servers.penstock import Penstock

PREDICT = """
from cog import BasePredictor, Input, Path

class Predictor(BasePredictor):
    def setup(self, weights: Path | None = None) -> None:
        self.factor = float(weights.read_text()) if weights else 1.0

    def predict(self, x: float = Input(description="What is multiplied.", default=1.0)) -> float:
        return self.factor * x
"""
TRAIN = """
from cog import BaseModel, Input, Path

class TrainingOutput(BaseModel):
    weights: Path

def train(
    factor: float = Input(description="What to learn.", default=2.0, ge=-1, le=100),
    broken: bool = Input(description="Whether the weights are no number.", default=False),
) -> TrainingOutput:
    weights = Path("weights")
    weights.write_text("nothing" if broken else str(factor))
    return TrainingOutput(weights=weights)
"""
SECTION: dict[str, Any] = {
    "test_cases": [
        {
            "inputs": {"factor": 3},
            "jq_query": ".version",
            "predict": [{"inputs": {"x": 7}, "number": 21}],
        }
    ],
    "fuzz": {"iterations": 2, "disabled_inputs": ["broken"]},
}
#: a tree without trainings says so; one with them has no way around this test
TRAINS = importlib.util.find_spec("jobs.api.trainings") is not None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    penstock = Penstock(tmp_path_factory.mktemp("train"))
    penstock.start()
    yield penstock
    penstock.stop()


def gate(server: Penstock, folder: Path, section: dict[str, Any]) -> tuple[Outcome, dict[str, Any]]:
    """How a run ended, and what the check said."""
    folder.mkdir(exist_ok=True)
    (folder / "cog.yaml").write_text("predict: predict.py:Predictor\ntrain: train.py:train\n")
    (folder / "predict.py").write_text(PREDICT)
    (folder / "train.py").write_text(TRAIN)
    config = {"model": "gate/factor", "fuzz": False, "train": section}
    (folder / "safepush.yaml").write_text(json.dumps(config))
    outcome = safepush(server, folder, "--json")
    (found,) = (one for one in outcome.report["checks"] if one["name"] == "train")
    return outcome, found


def test_what_is_trained_is_held_to_its_cases(server: Penstock, tmp_path: Path) -> None:
    good, told = gate(server, tmp_path / "factor", SECTION)

    if not TRAINS:
        assert (good.status, told["verdict"]) == (3, "unsure")
        assert told["reasons"] == ["not exercised: this server has no trainings (1 test cases)"]
        return
    assert (good.status, told["verdict"]) == (0, "passed"), good.out + good.err
    names = [one["name"] for one in told["items"]]
    assert names == ["train.test_cases[0]", "train.test_cases[0].predict[0]", "train.fuzz"]

    section = json.loads(json.dumps(SECTION).replace('"number": 21', '"number": 22'))
    section["fuzz"] = {"iterations": 1, "fixed_inputs": {"broken": True}}
    bad, told = gate(server, tmp_path / "factor", section)

    assert (bad.status, told["verdict"]) == (1, "failed"), bad.out + bad.err
    assert told["reasons"][0].startswith("train.test_cases[0].predict[0]: prediction ")
    assert "could not convert string to float" in "".join(told["items"][-1]["reasons"])
