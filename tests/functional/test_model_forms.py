"""Every form in which Cog lets a model be written, with the cog package and with our small one."""

import json
import os
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.hosts import ProcessHosts
from jobs.core.errors import SetupFailed
from jobs.core.prediction import Failed, Succeeded
from jobs.ports import Host
from tests.servers.penstock import until

#: where `make` puts the cog package, beside the environment, which has none
REAL = Path(sys.prefix) / "cog"


@dataclass(frozen=True)
class Form:
    """A model, an input, what that gives, and what is noted of it."""

    source: str
    given: dict[str, Any]
    output: Any
    config: str = "run: model.py:Model"
    metrics: dict[str, Any] | None = None
    #: in the log of the prediction
    said: str = ""
    #: more files of the folder
    files: dict[str, str] = field(default_factory=dict)


FORMS = {
    "a runner": Form(
        """
        from cog import BaseRunner, Input
        class Model(BaseRunner):
            def setup(self):
                self.word = "hello "
            def run(self, text: str = Input(description="Whom.")) -> str:
                return self.word + text
        """,
        {"text": "you"},
        "hello you",
    ),
    "a predictor": Form(
        """
        from cog import BasePredictor
        class Predictor(BasePredictor):
            def predict(self, text: str) -> str:
                return "hello " + text
        """,
        {"text": "you"},
        "hello you",
        config="predict: model.py",
    ),
    "a class of nobody's": Form(
        """
        class Runner:
            def run(self, text: str) -> str:
                return text
        """,
        {"text": "x"},
        "x",
        config="run: model.py",
    ),
    "a function": Form(
        """
        from cog import Input
        def run(text: str = Input(default="you"), times: int = Input(default=2, ge=1)) -> str:
            return text * times
        """,
        {},
        "youyou",
        config="run: model.py:run",
    ),
    "an async function": Form(
        """
        import asyncio
        async def run(text: str) -> str:
            await asyncio.sleep(0)
            return text
        """,
        {"text": "x"},
        "x",
        config="run: model.py:run",
    ),
    "a generator": Form(
        """
        from typing import Iterator
        from cog import BaseRunner
        class Model(BaseRunner):
            def run(self, count: int) -> Iterator[int]:
                yield from range(count)
        """,
        {"count": 3},
        [0, 1, 2],
    ),
    "parts of a text, streamed": Form(
        """
        from cog import BaseRunner, ConcatenateIterator, streaming
        class Model(BaseRunner):
            @streaming
            def run(self, text: str) -> ConcatenateIterator[str]:
                yield "hello "
                yield text
        """,
        {"text": "you"},
        ["hello ", "you"],
    ),
    "an async generator, several at once": Form(
        """
        import asyncio
        from cog import AsyncConcatenateIterator, BaseRunner, concurrent, current_scope
        class Model(BaseRunner):
            async def setup(self):
                self.ready = asyncio.Event()
                self.ready.set()
            @concurrent(max=4)
            async def run(self, count: int) -> AsyncConcatenateIterator[str]:
                await self.ready.wait()
                for n in range(count):
                    yield str(n)
                current_scope().record_metric("tokens", count)
        """,
        {"count": 3},
        ["0", "1", "2"],
        metrics={"tokens": 3},
    ),
    "weights for setup": Form(
        """
        from cog import BaseRunner
        class Model(BaseRunner):
            def setup(self, weights):
                self.weights = weights
            def run(self) -> str:
                return str(self.weights)
        """,
        {},
        "https://example.com/w.tar",
        config="run: model.py:Model\nenvironment: ['COG_WEIGHTS=https://example.com/w.tar']",
    ),
    "weights that come with the folder": Form(
        """
        from cog import BaseRunner, Path
        class Model(BaseRunner):
            def setup(self, weights: Path):
                self.weights = weights.read_text()
            def run(self) -> str:
                return self.weights
        """,
        {},
        "by cog's name",
        files={"model/weights": "by cog's name"},
    ),
    "weights that a training made": Form(
        """
        from cog import BaseRunner, Path
        class Model(BaseRunner):
            def setup(self, weights: Path | None = None):
                self.weights = weights
            def run(self) -> list[str]:
                return [self.weights.name, self.weights.read_text()]
        """,
        {},
        ["lora.safetensors", "trained"],
        config="run: model.py:Model\nenvironment: ['COG_WEIGHTS=/none']",
        files={
            "model/weights": "base",
            "model/.cog/weights/lora.safetensors": "trained",
        },
    ),
    "weights that nobody names": Form(
        """
        from cog import BaseRunner, Path
        class Model(BaseRunner):
            def setup(self, weights: Path | None = None):
                self.weights = weights
            def run(self) -> bool:
                return self.weights is None
        """,
        {},
        True,
    ),
    "an environment of its own": Form(
        """
        import os
        def run() -> list[str]:
            return [os.environ["MODE"], os.environ["GREETING"]]
        """,
        {},
        ["fast", "a=b, c"],
        config="run: model.py:run\nenvironment:\n  - MODE=fast\n  - GREETING=a=b, c",
    ),
    "a healthcheck": Form(
        """
        from cog import BaseRunner
        class Model(BaseRunner):
            async def healthcheck(self) -> bool:
                return True
            async def run(self) -> str:
                return "well"
        """,
        {},
        "well",
    ),
    "every scalar": Form(
        """
        from cog import BaseRunner, Input
        class Model(BaseRunner):
            def run(
                self, text: str, whole: int, part: float, flag: bool,
                size: str = Input(default="s", choices=["s", "m"]),
                number: int = Input(default=1, choices=[1, 2]),
            ) -> str:
                return repr((text, whole, part, flag, size, number))
        """,
        {"text": "1", "whole": 2.0, "part": 3, "flag": True, "number": 2},
        "('1', 2, 3.0, True, 's', 2)",
    ),
    "optional inputs": Form(
        """
        from typing import Optional
        from cog import BaseRunner, Input, Path, Secret
        class Model(BaseRunner):
            def run(
                self, seed: Optional[int] = Input(default=None), mask: Path | None = None,
                bare: Optional[str] = Input(description="no default"),
                token: Secret = Input(default=None), either: str | int | None = None,
            ) -> list[bool]:
                return [one is None for one in (seed, mask, bare, token, either)]
        """,
        {"seed": None},
        [True] * 5,
    ),
    "lists, unions, objects, anything": Form(
        """
        from typing import Any, List, TypedDict, Union
        from cog import BaseRunner, Input
        class Bag(TypedDict):
            deep: list
        class Model(BaseRunner):
            def run(self, words: List[str], either: Union[str, float], bag: dict, told: Bag,
                    anything: Any, none: list[str] = Input(default=[])) -> str:
                return repr((words, either, bag, told, anything, none))
        """,
        {
            "words": ["a"],
            "either": 2.5,
            "bag": {"x": None},
            "told": {"deep": [1]},
            "anything": [{}],
        },
        "(['a'], 2.5, {'x': None}, {'deep': [1]}, [{}], [])",
    ),
    "opaque objects": Form(
        """
        from typing import Annotated
        from cog import BaseRunner, Opaque
        class Message: ...
        class Model(BaseRunner):
            def run(self, one: Annotated[Message, Opaque],
                    many: Annotated[list[Message], Opaque]) -> Annotated[Message, Opaque]:
                return {"one": one, "many": many}
        """,
        {"one": {"a": 1}, "many": [{"b": 2}]},
        {"one": {"a": 1}, "many": [{"b": 2}]},
    ),
    "files": Form(
        """
        from cog import BaseRunner, File, Path, URLPath
        class Model(BaseRunner):
            def run(self, one: Path, more: list[Path], opened: File, far: URLPath) -> list[str]:
                assert isinstance(one, Path) and all(isinstance(path, Path) for path in more)
                read = [path.read_text() for path in [one, *more]]
                return [*read, opened.read().decode(), far.read_text(), far.name]
        """,
        {"one": "@one", "more": ["@two", "@one"], "opened": "@two", "far": "@one"},
        ["one", "two", "one", "two", "one", "one"],
        files={"one": "one", "two": "two"},
    ),
    "a secret": Form(
        """
        from cog import BaseRunner, Secret
        class Model(BaseRunner):
            def run(self, token: Secret) -> str:
                print("the token is", token, repr(token))
                return token.get_secret_value()
        """,
        {"token": "tell nobody"},
        "tell nobody",
        said="the token is ********** Secret(**********)",
    ),
    "records": Form(
        """
        from typing import Optional
        from cog import BaseModel, BaseRunner
        class Box(BaseModel):
            left: float
            label: Optional[str] = None
        class Found(BaseModel):
            boxes: list[Box]
            count: int
        class Model(BaseRunner):
            def run(self) -> Found:
                return Found(boxes=[Box(left=0.5), Box(left=1, label="cat")], count=2)
        """,
        {},
        {"boxes": [{"left": 0.5, "label": None}, {"left": 1, "label": "cat"}], "count": 2},
    ),
    "records of pydantic": Form(
        """
        from cog import BaseRunner
        from pydantic import BaseModel
        class Box(BaseModel):
            left: float
        class Found(BaseModel):
            boxes: list[Box]
        class Model(BaseRunner):
            def run(self) -> Found:
                return Found(boxes=[Box(left=1)])
        """,
        {},
        {"boxes": [{"left": 1.0}]},
    ),
    "typed and plain dictionaries": Form(
        """
        from typing import TypedDict
        from cog import BaseRunner
        class Model(BaseRunner):
            def run(self, text: str) -> dict[str, dict[str, str]]:
                return {"inputs": {"text": text}, "context": self.scope.context}
        """,
        {"text": "x"},
        {"inputs": {"text": "x"}, "context": {}},
    ),
    "metrics": Form(
        """
        from cog import BaseRunner, current_scope, emit_metric
        class Model(BaseRunner):
            def setup(self):
                self.record_metric("outside", 1)
            def run(self) -> list[str]:
                scope, wrong = current_scope(), []
                self.record_metric("temperature", 0.5)
                self.record_metric("tokens", 1, mode="incr")
                self.record_metric("tokens", 2, mode="incr")
                scope.metrics.record("probs", -1.5, mode="append")
                scope.metrics.record("probs", -0.5, mode="append")
                scope.metrics["timing.load"] = 1.5
                self.record_metric("timing.run", [1, {"a": None}])
                emit_metric("old", True)
                scope.metrics["gone"] = 1
                del scope.metrics["gone"]
                self.scope.metrics["gone"] = "may be text now"
                for name, value, mode in [
                    ("tokens", "three", "replace"), ("predict_time", 1, "replace"),
                    ("cog.x", 1, "replace"), ("a.b.c.d.e", 1, "replace"), ("1a", 1, "replace"),
                    ("a__b", 1, "replace"), ("a" * 129, 1, "replace"), ("set", {1}, "replace"),
                    ("word", "x", "incr"), ("word", "x", "twice"),
                ]:
                    try:
                        self.record_metric(name, value, mode)
                    except (TypeError, ValueError) as error:
                        wrong.append(type(error).__name__)
                return wrong
        """,
        {},
        ["TypeError", *["ValueError"] * 6, *["TypeError"] * 3],
        metrics={
            "temperature": 0.5,
            "tokens": 3,
            "probs": [-1.5, -0.5],
            "timing": {"load": 1.5, "run": [1, {"a": None}]},
            "old": True,
            "gone": "may be text now",
        },
    ),
    "names of older days": Form(
        """
        import warnings
        from cog import ExperimentalFeatureWarning, CancelationException, URLFile, __version__
        from cog.coder import Coder
        from cog.input import FieldInfo
        from cog.predictor import BasePredictor
        from cog.types import Path
        warnings.filterwarnings("ignore", category=ExperimentalFeatureWarning)
        class Model(BasePredictor):
            def predict(self, text: str = FieldInfo(default="x")) -> str:
                return text + str(issubclass(CancelationException, Exception))
        """,
        {},
        "xFalse",
    ),
    "children that print": Form(
        """
        import os, subprocess, sys
        def run() -> int:
            print("by itself", flush=True)
            os.system("echo by a shell; echo and its errors >&2")
            return subprocess.run([sys.executable, "-c", "print('by a python')"]).returncode
        """,
        {},
        0,
        config="run: model.py:run",
        said="by itself\nby a shell\nand its errors\nby a python\n",
    ),
    "names that it does not take": Form(
        """
        def run(text: str) -> str:
            return text
        """,
        {"text": "x", "fuss": "secret", "more": 1},
        "x",
        config="run: model.py:run",
        said="left out of the input, since the model does not take it: fuss, more;"
        " it takes: text\n",
    ),
}

#: makes a folder of a model's source and loads it
Load = Callable[..., Host]


@pytest.fixture
def real_cog(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models find the cog package."""
    assert (REAL / "cog").is_dir(), f"{REAL} is missing; make puts it there"
    ours = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(REAL), ours])))


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    scratch, folder = tmp_path / "scratch", tmp_path / "model"
    scratch.mkdir()
    folder.mkdir()
    started: list[Host] = []

    def begin(source: str, config: str = "run: model.py:Model") -> Host:
        (folder / "cog.yaml").write_text(config)
        (folder / "model.py").write_text(textwrap.dedent(source))
        hosts = ProcessHosts(scratch)
        started.append(hosts.start(folder, scratch=scratch, threads=1, setup_timeout_s=60))
        return started[-1]

    yield begin
    for host in started:
        host.close()


def placed(value: Any, folder: Path) -> Any:
    """An input with the places of files where it says @name."""
    if isinstance(value, list):
        return [placed(one, folder) for one in value]
    if isinstance(value, str) and value.startswith("@"):
        return str(folder / value[1:])
    return value


@pytest.mark.usefixtures("real_cog")
@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if "cog" in form.source])
def test_a_model_of_every_form_with_the_cog_package(load: Load, tmp_path: Path, name: str) -> None:
    check(FORMS[name], load, tmp_path)


@pytest.mark.parametrize("name", FORMS)
def test_a_model_of_every_form_without_it(load: Load, tmp_path: Path, name: str) -> None:
    check(FORMS[name], load, tmp_path)


def check(form: Form, load: Load, tmp_path: Path) -> None:
    """Load the form, and run its input as a prediction and as a row."""
    for file, text in form.files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    host = load(form.source, form.config)
    given = {key: placed(value, tmp_path) for key, value in form.given.items()}

    result = host.stream(
        given,
        files=tmp_path / "made",
        timeout_s=60,
        on_output=lambda part: None,
        on_logs=None,
        cancelled=lambda: False,
    )
    [again] = [
        one
        for lot in host.run([given], files=tmp_path / "made", timeout_s=60, cancelled=lambda: False)
        for one in lot
    ]

    for told in (result, again):
        assert isinstance(told, Succeeded), told
        assert json.loads(bytes(told.output)) == form.output
        assert told.metrics == form.metrics
        assert form.said in told.logs
    assert host.alive


RICH = """
    from typing import Annotated, Any, Optional, Union
    from cog import (
        BaseModel, BaseRunner, ConcatenateIterator, File, Input, Opaque, Path, Secret, streaming,
    )
    class Model(BaseRunner):
        @streaming
        def run(
            self,
            prompt: str = Input(description="Prompt text", min_length=1, max_length=500),
            code: str = Input(default="abc", regex="^[a-z]{3}$"),
            size: str = Input(default="s", choices=["s", "m"], deprecated=True),
            seed: Optional[int] = Input(description="Seed"),
            seed2: Optional[int] = Input(default=None),
            seed3: int = Input(default=None),
            image: Path = Input(accept="image/*"),
            data: File = Input(),
            token: Secret = Input(),
            optional: Secret = Input(default=None),
            tags: list[str] = Input(default=[]),
            images: list[Path] = Input(),
            uni: Union[str, float, None] = None,
            anything: Any = Input(default=None),
            opaque: Annotated[BaseModel, Opaque] = Input(default={}),
        ) -> ConcatenateIterator[str]:
            yield prompt
"""


def test_the_document_is_the_same_with_the_cog_package(
    load: Load, request: pytest.FixtureRequest
) -> None:
    ours = load(RICH)
    request.getfixturevalue("real_cog")
    real = load(RICH)

    assert real.schema == ours.schema
    assert real.logs == ours.logs
    assert "the input seed3 must be given" in real.logs


STUBBORN = """
    import time
    from cog import BaseRunner, CancelationException
    class Model(BaseRunner):
        def run(self, how: str) -> str:
            print("begun", flush=True)
            try:
                if how == "native":
                    import itertools
                    sum(itertools.repeat(0, 10**15))  # a signal is heard in Python alone
                while True:
                    time.sleep(3600)
            except CancelationException:
                print("cleaning up", flush=True)
                if how == "swallows":
                    return "anyway"
                raise
"""
ASYNC = """
    import asyncio
    from cog import BaseRunner
    class Model(BaseRunner):
        async def run(self, how: str) -> str:
            print("begun", flush=True)
            try:
                await asyncio.sleep(3600)
            finally:
                print("cleaning up", flush=True)
"""


def cancelled(host: Host, tmp_path: Path, how: str, grace_s: float) -> Any:
    """What a prediction gives that is cancelled as soon as it has begun."""
    begun = threading.Event()
    return host.stream(
        {"how": how},
        files=tmp_path / "made",
        timeout_s=60,
        on_output=lambda part: None,
        on_logs=lambda text: begun.set() if "begun" in text else None,
        cancelled=begun.is_set,
        grace_s=grace_s,
    )


@pytest.mark.parametrize(
    ("source", "how"), [(STUBBORN, "sleeps"), (STUBBORN, "swallows"), (ASYNC, "waits")]
)
def test_a_model_is_told_of_a_cancel_and_stays_loaded(
    load: Load, tmp_path: Path, source: str, how: str
) -> None:
    check_cancel(load(source), tmp_path, how)


@pytest.mark.usefixtures("real_cog")
def test_a_model_is_told_of_a_cancel_by_the_cog_packages_own_exception(
    load: Load, tmp_path: Path
) -> None:
    check_cancel(load(STUBBORN), tmp_path, "sleeps")


def check_cancel(host: Host, tmp_path: Path, how: str) -> None:
    """Cancel it twice."""

    for _ in range(2):
        result = cancelled(host, tmp_path, how, grace_s=60)
        assert isinstance(result, Failed)
        assert (result.code, result.logs) == ("canceled", "begun\ncleaning up\n")
    assert host.alive


def test_a_model_in_native_code_is_ended_when_its_grace_is_over(load: Load, tmp_path: Path) -> None:
    host = load(STUBBORN)

    assert cancelled(host, tmp_path, "native", grace_s=0.5) is None
    assert not host.alive


SICK = """
    import time
    from pathlib import Path
    from cog import BaseRunner
    class Model(BaseRunner):
        def healthcheck(self) -> bool:
            how = Path("how").read_text()
            if how == "raises":
                raise RuntimeError("no device")
            return how != "sick"
        def run(self) -> str:
            return "ran"
"""


def test_a_model_that_is_not_well_says_so(load: Load, tmp_path: Path) -> None:
    how = tmp_path / "model" / "how"
    how.write_text("sick")
    with pytest.raises(SetupFailed, match="says that the model is not well"):
        load(SICK)
    how.write_text("well")
    host = load(SICK)
    assert host.fault() is None
    how.write_text("raises")
    assert host.fault() == "healthcheck() failed: RuntimeError: no device"


def test_a_row_leaves_nothing_in_the_temporary_folder(load: Load, tmp_path: Path) -> None:
    """Not while the rest of a long batch still runs, either."""
    host = load(
        """
        import os, tempfile, time
        def run() -> list[str]:
            left = os.listdir(tempfile.gettempdir())
            tempfile.mkstemp()
            tempfile.mkdtemp()
            time.sleep(0.2)
            return left
    """,
        "run: model.py:run",
    )
    rows = [{}] * 5

    lots = list(host.run(rows, files=tmp_path, timeout_s=60, cancelled=lambda: False))

    assert len(lots) > 1
    assert max(len(json.loads(bytes(one))) for lot in lots for one in lot.outputs) < 2 * (
        len(rows) - 1
    )
    until(lambda: not any((tmp_path / "scratch").glob("*/tmp/*")))
