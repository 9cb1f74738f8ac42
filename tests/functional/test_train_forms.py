"""The forms of a train() that a host runs, with the cog package and without it."""

import json
import os
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.hosts import ProcessHosts
from jobs.core import training
from jobs.core.checker import compile as compile_check
from jobs.core.errors import SetupFailed
from jobs.core.prediction import Succeeded
from jobs.ports import Host

REAL = Path(sys.prefix) / "cog"


@dataclass(frozen=True)
class Form:
    """Gives weights that say "3" for the input 3."""

    source: str
    ref: str = "train.py:train"
    #: what its output holds beside
    beside: tuple[str, ...] = ()


FORMS = {
    "a function that gives a path": Form(
        """
        from cog import Path
        def train(n: int) -> Path:
            Path("out.bin").write_text(str(n))
            return Path("out.bin")
        """
    ),
    "an object, as in Cog's examples": Form(
        """
        import tempfile
        from cog import BaseModel, Input, Path
        class TrainingOutput(BaseModel):
            weights: Path
            loss: float
        def train(n: int = Input(description="what", ge=0)) -> TrainingOutput:
            out = Path(tempfile.mkdtemp()) / "out.bin"
            out.write_text(str(n))
            return TrainingOutput(weights=out, loss=0.5)
        """,
        beside=("loss",),
    ),
    "a class with a setup": Form(
        """
        from cog import Path
        class Trainer:
            def setup(self):
                self.place = Path("out.bin")
            def train(self, n: int) -> Path:
                self.place.write_text(str(n))
                return self.place
        """,
        ref="train.py",
    ),
    "async": Form(
        """
        import asyncio
        from cog import Path
        async def train(n: int) -> Path:
            await asyncio.sleep(0)
            Path("out.bin").write_text(str(n))
            return Path("out.bin")
        """
    ),
}
PREDICT = """
from cog import Input
def run(size: str = Input(choices=["s", "m"]), same: int = Input(choices=[1, 2])) -> str:
    return size
"""


@pytest.fixture(params=["fallback", "cog package"])
def folder(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    if request.param == "cog package":
        paths = [str(REAL), os.environ.get("PYTHONPATH", "")]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "predict.py").write_text(PREDICT)
    return folder


def started(folder: Path, source: str, ref: str, task: Any = "train") -> Host:
    scratch = folder.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    (folder / "cog.yaml").write_text(f"predict: predict.py:run\ntrain: {ref}\n")
    (folder / "train.py").write_text(textwrap.dedent(source))
    hosts = ProcessHosts(scratch)
    return hosts.start(folder, scratch=scratch, threads=1, setup_timeout_s=60, task=task)


@pytest.mark.parametrize("name", FORMS)
def test_a_train_gives_its_weights(name: str, folder: Path) -> None:
    form = FORMS[name]
    host = started(folder, form.source, form.ref)
    try:
        result = host.stream(
            {"n": 3},
            files=folder.parent / "made",
            timeout_s=60,
            on_output=lambda part: None,
            on_logs=None,
            cancelled=lambda: False,
        )
        assert isinstance(result, Succeeded), result
        output = json.loads(bytes(result.output))
        told = output.get("weights", output)
        assert Path(told["__path__"]).read_text() == "3"
        assert Path(told["__path__"]).name == "out.bin"
        assert tuple(set(output) - {"weights", "__path__"}) == form.beside
    finally:
        host.close()


def test_choices_of_one_name_are_each_ones_own(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "predict.py").write_text(PREDICT)
    source = """
        from cog import Input, Path
        def train(size: str = Input(choices=["l"]), same: int = Input(choices=[1, 2])) -> Path:
            return Path("x")
    """
    trainer = started(folder, source, "train.py:train")
    trainer.close()
    host = started(folder, source, "train.py:train", task="predict")
    host.close()
    assert host.trains

    whole = training.joined(host.schema, trainer.schema)

    assert compile_check(whole)({"size": "s", "same": 2}) == []
    assert [one.field for one in compile_check(whole)({"size": "l", "same": 3})] == ["size", "same"]
    of_train = compile_check(training.as_prediction(whole))
    assert of_train({"size": "l", "same": 2}) == []
    assert [one.field for one in of_train({"size": "s", "same": 3})] == ["size", "same"]
    names = set(whole["components"]["schemas"])
    assert {"TrainingInput", "TrainingOutput", "TrainingRequest", "TrainingResponse"} <= names
    assert whole["components"]["schemas"]["TrainingOutput"]["title"] == "TrainingOutput"
    assert {"/trainings", "/trainings/{training_id}/cancel"} <= set(whole["paths"])
    # what was trained has the same code: its document comes out the same
    assert training.joined(host.schema, whole) == whole


@pytest.mark.parametrize(
    ("source", "ref", "why"),
    [
        ("def train(n: int) -> int: return n", "train.py:train", "must give its weights"),
        ("def train(n: int): return n", "train.py:train", "train() has no return annotation"),
        ("def other() -> str: return ''", "train.py:train", "train.py has no train"),
        ("class T: pass", "train.py:T", "train.py:T has no train()"),
        ("import nothing_of_that_name", "train.py:train", "nothing_of_that_name"),
        ("", "other.py:train", "other.py, which is not in the folder"),
    ],
)
def test_a_train_that_is_none_says_why(source: str, ref: str, why: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    with pytest.raises(SetupFailed) as refused:
        started(folder, source, ref)
    assert why in str(refused.value)
