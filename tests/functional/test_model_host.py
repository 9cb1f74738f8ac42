"""Model folders of every supported form, loaded and run in real child processes."""

import json
import os
import re
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs.adapters.hosts import ProcessHosts
from jobs.core.errors import SetupFailed
from jobs.core.prediction import Failed, Result, Succeeded
from jobs.ports import Host
from tests.servers.penstock import until

#: makes a folder of a model's source and loads it
Load = Callable[..., Host]


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    hosts = ProcessHosts(scratch)
    started: list[Host] = []

    def _load(
        source: str, config: str = "run: model.py:Model", files: dict[str, str] | None = None
    ) -> Host:
        folder = tmp_path / f"model-{len(started)}"
        folder.mkdir()
        (folder / "cog.yaml").write_text(config)
        (folder / "model.py").write_text(textwrap.dedent(source))
        for name, text in (files or {}).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(textwrap.dedent(text))
        host = hosts.start(folder, scratch=scratch, threads=1, setup_timeout_s=60)
        host.made = tmp_path / "made"  # type: ignore[attr-defined]
        started.append(host)
        return host

    yield _load
    for host in started:
        host.close()


def results(host: Host, *inputs: dict[str, Any]) -> list[Result]:
    """The result of each input."""
    made = host.made  # type: ignore[attr-defined]
    lots = host.run(inputs, files=made, timeout_s=60, cancelled=lambda: False)
    return [result for lot in lots for result in lot]


def outputs(host: Host, *inputs: dict[str, Any]) -> list[Any]:
    """What each input gives; an error as its text."""
    return [
        json.loads(bytes(one.output)) if isinstance(one, Succeeded) else one.message
        for one in results(host, *inputs)
    ]


def schema(host: Host, name: str = "Input") -> dict[str, Any]:
    found: dict[str, Any] = host.schema["components"]["schemas"][name]
    return found


# How a model is written


RUNNER = """
    from cog import BaseRunner
    class Model(BaseRunner):
        def setup(self):
            self.word = "hello "
        def run(self, text: str) -> str:
            return self.word + text
"""
PREDICTOR = """
    from cog import BasePredictor
    class Model(BasePredictor):
        def predict(self, text: str) -> str:
            return "hello " + text
"""
BARE = """
    class Model:
        def predict(self, text: str) -> str:
            return "hello " + text
"""
INHERITED = """
    from cog import BasePredictor
    class Base(BasePredictor):
        def predict(self, text: str) -> str:
            return self.word + text
    class Model(Base):
        word = "hello "
"""
FUNCTION = """
    def Model(text: str) -> str:
        return "hello " + text
"""
FUTURE = """
    from __future__ import annotations
    from cog import BasePredictor, Input
    class Model(BasePredictor):
        def predict(self, text: str | None = Input(description="Whom.")) -> str:
            return "hello " + text
"""


@pytest.mark.parametrize(
    ("source", "key"),
    [
        *((source, "run") for source in (RUNNER, BARE, INHERITED, FUTURE)),
        *((source, "predict") for source in (PREDICTOR, FUNCTION)),
    ],
)
def test_every_way_to_write_a_model(load: Load, source: str, key: str) -> None:
    host = load(source, f'{key}: "model.py:Model"\n')

    assert outputs(host, {"text": "you"}) == ["hello you"]


@pytest.mark.parametrize("name", ["Runner", "Predictor"])
def test_a_class_need_not_be_named(load: Load, name: str) -> None:
    host = load(BARE.replace("Model", name), "run: model.py")

    assert outputs(host, {"text": "you"}) == ["hello you"]


def test_a_base_class_that_has_both_methods_is_no_obstacle(load: Load) -> None:
    # as the cog package's own base class has
    base = """
        class BasePredictor:
            def run(self, *args, **kwargs):
                return self.predict(*args, **kwargs)
            def predict(self, *args, **kwargs):
                raise NotImplementedError
    """
    host = load(PREDICTOR, files={"cog/__init__.py": base})

    assert outputs(host, {"text": "you"}) == ["hello you"]


def test_a_model_imports_its_own_modules_and_reads_its_own_files(load: Load) -> None:
    source = """
        from pathlib import Path
        from words import HELLO
        class Model:
            def setup(self):
                self.name = Path("data/name").read_text()
            def predict(self, text: str) -> str:
                return HELLO + text + self.name + Path(__file__).name
    """
    host = load(source, files={"words.py": 'HELLO = "hello "', "data/name": "!"})

    assert outputs(host, {"text": "you"}) == ["hello you!model.py"]


def test_state_lives_as_long_as_the_host(load: Load) -> None:
    source = """
        class Model:
            def setup(self):
                self.count = 0
            def predict(self) -> int:
                self.count += 1
                return self.count
    """
    assert outputs(load(source), {}, {}, {}) == [1, 2, 3]


@pytest.mark.parametrize(
    ("source", "config", "reason"),
    [
        (BARE, "run: other.py:Model", r"cog.yaml names other.py, which is not in the folder"),
        (BARE, "run: model.py:Other", "model.py has no Other"),
        (BARE, "run: model.py", "model.py has no Runner or Predictor"),
        (BARE, "build: {}", "cog.yaml names no model"),
        (BARE, "run: [", "cog.yaml cannot be read: line 1"),
        (BARE, "run: model.py:Model\nenvironment: [PATH=/x]", r"environment\[0\] sets PATH"),
        (BARE, "run: model.py:Model\nenvironment: [a, b]", r"environment\[0\] must be NAME=value"),
        (BARE, "run: model.py:Model\nenvironment: {A: b}", "must be a list of NAME=value"),
        ("class Model: ...", "run: model.py:Model", "neither run.. nor predict.."),
        (BARE + "    " * 2 + "run = predict", "run: model.py:Model", "both run.. and predict.."),
        ("def Model(:", "run: model.py:Model", r"SyntaxError: .*model.py, line 1"),
        ("import nowhere", "run: model.py:Model", "No module named 'nowhere'"),
        ("raise SystemExit(3)", "run: model.py:Model", r"called sys.exit\(3\)"),
        ("import os; os._exit(3)", "run: model.py:Model", "exit status 3"),
        ("def Model(x: set) -> str: ...", "run: model.py:Model", "the input x has a type"),
        ("def Model(x: str): ...", "run: model.py:Model", "no return annotation"),
    ],
)
def test_a_model_that_cannot_be_loaded_says_why(
    load: Load, source: str, config: str, reason: str
) -> None:
    with pytest.raises(SetupFailed, match=reason):
        load(source, config)


def test_what_setup_printed_is_kept(load: Load) -> None:
    with pytest.raises(SetupFailed, match="no weights") as caught:
        load("""
            import os
            class Model:
                def setup(self):
                    print("looking")
                    os.system("echo by a child")
                    raise FileNotFoundError("no weights")
                def predict(self) -> str: ...
        """)

    assert "looking" in caught.value.logs
    assert "by a child" in caught.value.logs
    assert "model.py" in caught.value.logs


def test_credentials_stay_outside(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PENSTOCK_TOKEN", "AWS_SECRET_ACCESS_KEY", "PENSTOCK_SECRET_KEYS"):
        monkeypatch.setenv(name, "hidden")
    source = """
        import os
        def Model() -> str:
            return " ".join(name for name, value in os.environ.items() if "hidden" in value)
    """
    assert outputs(load(source), {}) == [""]


def test_threads_are_told_and_give_their_cores_away_while_they_wait(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """
        import os
        def Model() -> list[str]:
            return [os.environ[name] for name in ("OMP_NUM_THREADS", "OMP_WAIT_POLICY")]
    """
    assert outputs(load(source), {}) == [["1", "passive"]]
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    assert outputs(load(source), {}) == [["1", "active"]]


# What goes in


def test_scalars_keep_their_types(load: Load) -> None:
    source = """
        def Model(text: str, whole: int, part: float, flag: bool) -> str:
            return repr((text, whole, part, flag))
    """
    given = {"text": "1", "whole": 2, "part": 3, "flag": True}

    assert outputs(load(source), given) == ["('1', 2, 3.0, True)"]


def test_bounds_choices_and_defaults_are_in_the_schema_and_defaults_are_given(load: Load) -> None:
    host = load("""
        from cog import Input
        def Model(
            steps: int = Input(default=20, ge=1, le=50),
            size: str = Input(default="s", choices=["s", "m"]),
            name: str = Input(default="x", min_length=1, max_length=9, regex="^[a-z]*$"),
            plain: float = 0.5,
        ) -> str:
            return repr((steps, size, name, plain))
    """)

    steps, size = schema(host)["properties"]["steps"], schema(host, "size")
    assert (steps["minimum"], steps["maximum"], steps["default"]) == (1, 50, 20)
    assert size["enum"] == ["s", "m"]
    assert "required" not in schema(host)
    assert outputs(host, {}, {"steps": 3, "size": "m"}) == [
        "(20, 's', 'x', 0.5)",
        "(3, 'm', 'x', 0.5)",
    ]


def test_what_is_optional_is_none_when_it_is_null_or_not_there(load: Load) -> None:
    host = load("""
        from typing import Optional
        from cog import Input, Path
        def Model(
            seed: Optional[int] = Input(default=None),
            other: int | None = None,
            bare: Optional[str] = Input(description="no default"),
            mask: Path | None = None,
        ) -> str:
            return repr((seed, other, bare, mask))
    """)

    assert outputs(host, {}, {"seed": None, "other": 3, "bare": None}) == [
        "(None, None, None, None)",
        "(None, 3, None, None)",
    ]


def test_lists_unions_and_objects(load: Load) -> None:
    host = load("""
        from typing import Any, List, Union
        def Model(words: list[str], numbers: List[float], either: Union[str, int],
                  bag: dict, anything: Any) -> str:
            return repr((words, numbers, either, bag, anything))
    """)
    given = {
        "words": ["a", "b"],
        "numbers": [1, 2.5],
        "either": 3,
        "bag": {"deep": [None, True]},
        "anything": {"x": 1},
    }

    assert outputs(host, given) == [
        "(['a', 'b'], [1, 2.5], 3, {'deep': [None, True]}, {'x': 1})",
    ]


def test_files_are_paths(load: Load, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"content of {name}")
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    host = load("""
        from typing import Optional
        from cog import File, Path
        def Model(first: Path, more: list[Path], maybe: Optional[list[Path]] = None,
                  opened: File = None) -> list[str]:
            told = [path.read_text() for path in [first, *more, *(maybe or [])]]
            return told + ([opened.read().decode()] if opened else [])
    """)

    assert outputs(host, {"first": one, "more": [two, one]}) == [
        ["content of one", "content of two", "content of one"],
    ]
    assert outputs(host, {"first": one, "more": [], "maybe": [two], "opened": two}) == [
        ["content of one", "content of two", "content of two"],
    ]


# What comes out


def paths_of(output: Any) -> list[Path]:
    return [Path(item["__path__"]) for item in output]


def test_files_come_back_in_order(load: Load) -> None:
    host = load("""
        from cog import Path
        def Model(count: int) -> list[Path]:
            made = []
            for number in range(count):
                path = Path(f"{number}.txt")
                path.write_text(f"content {number}")
                made.append(path)
            return made
    """)

    [output] = outputs(host, {"count": 12})

    assert [path.read_text() for path in paths_of(output)] == [f"content {n}" for n in range(12)]


def test_a_link_where_a_file_was_is_what_it_leads_to_now(load: Load) -> None:
    host = load("""
        import os, tempfile
        from cog import BasePredictor, Path
        class Model(BasePredictor):
            def predict(self, text: str, link: bool) -> Path:
                path = Path(tempfile.gettempdir()) / "out.txt"
                kept = Path(tempfile.gettempdir()) / "kept.txt"
                (kept if link else path).write_text(text)
                if link:
                    path.symlink_to(kept)
                return path
    """)
    given = outputs(host, {"text": "a", "link": False}, {"text": "b", "link": True})
    assert [Path(one["__path__"]).read_text() for one in given] == ["a", "b"]


def test_one_file(load: Load) -> None:
    host = load("""
        import tempfile
        from cog import Path
        def Model() -> Path:
            path = Path(tempfile.mkdtemp()) / "a.txt"
            path.write_text("content")
            return path
    """)

    [output] = outputs(host, {})

    assert paths_of([output])[0].read_text() == "content"


def test_files_are_the_rows_own_wherever_the_model_keeps_them(load: Load) -> None:
    host = load("""
        import os, tempfile
        from cog import BasePredictor, Path
        HERE = Path(__file__).parent / "beside.txt"
        class Model(BasePredictor):
            def setup(self):
                self.kept = Path(tempfile.mkdtemp()) / "kept.txt"
                self.kept.write_text("from setup")
                self.link = Path(tempfile.gettempdir()) / "link.txt"
            def predict(self, n: int) -> list[Path]:
                same = Path(tempfile.gettempdir()) / "same.txt"
                same.write_text(f"row {n}")
                HERE.write_text(f"beside {n}")
                if not self.link.is_symlink():
                    self.link.symlink_to(self.kept)
                return [same, same, self.kept, HERE, self.link]
    """)
    for numbers in ([0, 1, 2], [3, 4]):  # a second lot, for what must outlive the first
        found = outputs(host, *({"n": n} for n in numbers))
        assert [[path.read_text() for path in paths_of(output)] for output in found] == [
            [f"row {n}", f"row {n}", "from setup", f"beside {n}", "from setup"] for n in numbers
        ]


def test_a_file_alone_in_its_folder_goes_with_it(load: Load) -> None:
    host = load("""
        import os, tempfile
        from cog import BasePredictor, Path
        class Model(BasePredictor):
            def setup(self):
                self.last = None
            def predict(self, others: list[str]) -> list[Path]:
                if self.last is not None and self.last.exists():
                    raise ValueError("the folder is still there")
                self.last = Path(tempfile.mkdtemp())
                made = [self.last / name for name in ["out.txt", *others]]
                for path in made:
                    path.write_text(f"{path.name} of {others}")
                os.chmod(self.last, 0o500 if "shut" in others else 0o700)
                return made[:2] if "left" in others else made
    """)
    given = [["a", "b"], ["left", "c"], [], ["shut"], []]
    for others in given:
        [output] = outputs(host, {"others": others})
        paths = paths_of(output)
        names = ["out.txt", *others][: 2 if "left" in others else 3]
        assert [path.name for path in paths] == names
        assert [path.read_text() for path in paths] == [f"{name} of {others}" for name in names]
    for output in outputs(host, *({"others": []} for _ in range(3))):
        assert [path.name for path in paths_of(output)[0].parent.iterdir()] == ["out.txt"]


def test_output_files_of_one_name_each_have_a_place(load: Load) -> None:
    host = load("""
        import tempfile
        from cog import BasePredictor, Path
        class Model(BasePredictor):
            def predict(self, name: str, text: str) -> Path:
                path = Path(tempfile.gettempdir()) / name
                path.write_text(text)
                return path
    """)
    names = ["a.txt", "b.txt", "a.txt", "A.txt", "ä.txt", "a\u0308.txt", "b.txt", "c.txt"]
    found = outputs(host, *({"name": name, "text": str(n)} for n, name in enumerate(names)))
    paths = [Path(one["__path__"]) for one in found]
    assert [path.name for path in paths] == names
    assert [path.read_text() for path in paths] == [str(n) for n in range(len(names))]
    assert len({path.parent for path in paths}) < len(names), "a folder has several"


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        ("str", "text"),
        ("int", 7),
        ("float", 0.5),
        ("bool", False),
        ("list[int]", [1, 2]),
        ("dict", {"a": [1, None]}),
        ("dict[str, float]", {"a": 0.5}),
        ("Any", None),
    ],
)
def test_values_of_every_kind(load: Load, annotation: str, value: Any) -> None:
    source = f"""
        from typing import Any
        def Model() -> {annotation}:
            return {value!r}
    """
    assert outputs(load(source), {}) == [value]


STREAMING = """
    from cog import ConcatenateIterator, Path
    from typing import Iterator
    def Model(count: int) -> ConcatenateIterator[str]:
        for number in range(count):
            yield str(number)
"""


def test_pieces_are_told_as_they_come_and_kept_in_order(load: Load) -> None:
    host = load(STREAMING)
    told: list[Any] = []

    result = host.stream(
        {"count": 5},
        files=host.made,  # type: ignore[attr-defined]
        timeout_s=60,
        on_output=told.append,
        cancelled=lambda: False,
    )

    assert isinstance(result, Succeeded)
    assert told == json.loads(bytes(result.output)) == list("01234")
    assert schema(host, "Output")["x-cog-array-display"] == "concatenate"


def test_an_iterator_of_files(load: Load) -> None:
    host = load(
        STREAMING.replace("ConcatenateIterator[str]", "Iterator[Path]").replace(
            "yield str(number)",
            'path = Path(f"{number}"); path.write_text(str(number)); yield path',
        )
    )

    [output] = outputs(host, {"count": 3})

    assert [path.read_text() for path in paths_of(output)] == ["0", "1", "2"]


def test_an_iterator_goes_on_writing_where_its_first_file_was(load: Load) -> None:
    host = load("""
        import tempfile
        from cog import Path
        from typing import Iterator
        def Model(count: int) -> Iterator[Path]:
            folder = Path(tempfile.mkdtemp())
            for number in range(count):
                (folder / str(number)).write_text(str(number))
                yield folder / str(number)
    """)
    [output] = outputs(host, {"count": 3})
    assert [path.read_text() for path in paths_of(output)] == ["0", "1", "2"]


def test_an_iterator_that_breaks_off_fails_alone(load: Load) -> None:
    host = load(STREAMING.replace("yield str(number)", "yield str(1 // number)"))

    broken, fine = results(host, {"count": 2}, {"count": 0})

    assert isinstance(broken, Failed)
    assert broken.code == "prediction_failed"
    assert isinstance(fine, Succeeded)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        ("str", 7),
        ("int", "7"),
        ("int", True),
        ("list[str]", ["a", 1]),
        ("list[str]", "ab"),
        ("Path", "a.txt"),
        ("str", None),
        ("str", {1, 2}),
    ],
)
def test_an_output_of_another_kind_is_an_error(load: Load, annotation: str, value: Any) -> None:
    source = f"""
        from cog import Path
        def Model() -> {annotation}:
            return {value!r}
    """
    [result] = results(load(source), {})

    assert isinstance(result, Failed)
    assert result.code == "invalid_output"


SLOW = """
    import time
    def run(seconds: float) -> float:
        time.sleep(seconds)
        return seconds
"""


def test_a_lot_that_takes_long_is_told_in_parts_each_with_its_own_time(load: Load) -> None:
    host = load(SLOW, "run: model.py:run")
    told, rows = [], [{"seconds": 0.4}] * 8
    made = host.made  # type: ignore[attr-defined]
    for lot in host.run(rows, files=made, timeout_s=3, cancelled=lambda: False):
        told += [len(lot)]
    assert (sum(told), len(told) > 1) == (8, True)  # 3.2 s of work, in less than 3 s at a time
    assert outputs(host, {"seconds": 0.0}) == [0.0]  # the next lot gets its own answers


ASYNC = """
    import asyncio
    from cog import AsyncConcatenateIterator, BasePredictor, Path
    class Model(BasePredictor):
        async def setup(self):
            self.inside = self.most = 0
            self.ready = asyncio.Event()
            asyncio.get_running_loop().call_later(0.05, self.ready.set)
        async def predict(self, n: int, seconds: float = 0.05) -> str:
            await self.ready.wait()
            if n == 3:
                raise ValueError("three")
            self.inside += 1
            self.most = max(self.most, self.inside)
            await asyncio.sleep(seconds)
            self.inside -= 1
            return f"{n} of {self.most}"
"""


@pytest.mark.parametrize(("config", "most"), [("\nconcurrency:\n  max: 4", 4), ("", 1)])
def test_an_async_model_runs_as_many_rows_as_it_declares(
    load: Load, config: str, most: int
) -> None:
    host = load(ASYNC, f"predict: model.py:Model{config}")
    found = outputs(host, *({"n": n} for n in range(10)))
    assert [text.partition(" ")[0] for text in found] == [
        str(n) if n != 3 else "ValueError:" for n in range(10)
    ]
    assert (found[9], host.pass_rows) == (f"9 of {most}", most if most > 1 else 0)
    assert outputs(host, {"n": 10}) == [f"10 of {most}"]


def test_rows_of_an_async_model_are_told_in_order_and_in_parts(load: Load) -> None:
    host = load(ASYNC, "predict: model.py:Model\nconcurrency:\n  max: 8")
    rows = [{"n": 0, "seconds": 1.5}, {"n": 1, "seconds": 0.0}, {"n": 2, "seconds": 3.0}]
    made = host.made  # type: ignore[attr-defined]
    lots = host.run(rows, files=made, timeout_s=60, cancelled=lambda: False)
    told = [[json.loads(bytes(one)).partition(" ")[0] for one in lot.outputs] for lot in lots]
    assert told == [["0", "1"], ["2"]]


ASYNC_PARTS = """
    import tempfile
    from cog import AsyncConcatenateIterator, Path
    from collections.abc import AsyncIterator
    async def words(text: str) -> AsyncConcatenateIterator[str]:
        for word in text.split():
            if word == "stop":
                raise ValueError("stopped")
            yield word
    async def files(count: int) -> AsyncIterator[Path]:
        for n in range(count):
            path = Path(tempfile.gettempdir()) / "same.txt"
            path.write_text(str(n))
            yield path
"""


def test_an_async_model_gives_its_output_in_pieces(load: Load, tmp_path: Path) -> None:
    host, parts = load(ASYNC_PARTS, "run: model.py:words\nconcurrency: {max: 2}"), []
    options: dict[str, Any] = {"files": tmp_path, "timeout_s": 60, "on_output": parts.append}
    result = host.stream({"text": "one two"}, **options)
    assert isinstance(result, Succeeded)
    assert (json.loads(bytes(result.output)), parts) == (["one", "two"], ["one", "two"])
    assert outputs(host, {"text": "a"}, {"text": "b stop"}) == [["a"], "ValueError: stopped"]
    assert schema(host, "Output")["x-cog-array-display"] == "concatenate"


def test_files_of_an_async_model_are_each_rows_own(load: Load) -> None:
    host = load(ASYNC_PARTS, "run: model.py:files\nconcurrency: {max: 4}")
    found = outputs(host, {"count": 2}, {"count": 0}, {"count": 3})
    assert [[path.read_text() for path in paths_of(one)] for one in found] == [
        ["0", "1"],
        [],
        ["0", "1", "2"],
    ]


@pytest.mark.parametrize(
    ("source", "config", "message"),
    [
        ("def run(n: int) -> int: return n", "run: model.py:run\nconcurrency: {max: 2}", "async"),
        (ASYNC, "run: model.py:Model\nconcurrency: {max: many}", "whole number"),
        (ASYNC, "run: model.py:Model\nconcurrency: [4]", "whole number"),
    ],
)
def test_concurrency_that_cannot_be_is_refused(
    load: Load, source: str, config: str, message: str
) -> None:
    with pytest.raises(SetupFailed, match=message):
        load(source, config)


NO_ROOM = """
    import errno
    from cog import BasePredictor
    class Model(BasePredictor):
        def predict(self, how: str) -> str:
            full = OSError(errno.ENOSPC, "No space left on device")
            if how == "wrapped":
                raise RuntimeError("cannot save") from full
            raise full if how == "bare" else OSError(errno.EACCES, "Permission denied")
"""


def test_a_full_disk_is_told_apart_from_other_errors(load: Load) -> None:
    host = load(NO_ROOM, "predict: model.py:Model")
    found = results(host, {"how": "bare"}, {"how": "wrapped"}, {"how": "other"})
    codes = [one.code for one in found if isinstance(one, Failed)]
    assert codes == ["disk_full", "disk_full", "prediction_failed"]


def test_many_at_once_where_the_model_can(load: Load) -> None:
    host = load("""
        class Model:
            def predict(self, text: str) -> str:
                return "alone " + text
            def predict_batch(self, inputs):
                return [f"{len(inputs)} " + item["text"] for item in inputs]
    """)

    told = [one.split() for one in outputs(host, *({"text": str(n)} for n in range(64)))]

    assert [text for _, text in told] == [str(n) for n in range(64)]
    assert {"1", "4"} < {size for size, _ in told}  # more and more of them, while that pays


VECTORS = """
    from pathlib import Path
    from cog import BasePredictor

    class Model(BasePredictor):
        def predict(self, kind: str, size: int) -> {annotation}:
            return self.predict_batch([dict(kind=kind, size=size)])[0]

        def predict_batch(self, inputs):
            return [given(**one) for one in inputs]

    def given(kind, size):
        numbers = [n / 7 for n in range(size)]
        return dict(
            good=numbers, none=[], whole=[1, 2.5], tuple=tuple(numbers), nested=[numbers, [1.0]],
            nan=[*numbers, float("nan")], text=[*numbers, "x"], truth=[*numbers, True],
            file=[Path(__file__)], word="x",
        )[kind]
"""
NOT_NUMBERS = "the model's output is not the array that its schema declares"
#: by kind: what is given, or the end of why it is not
FLAT: dict[str, Any] = {
    "good": None,
    "none": [],
    "whole": [1, 2.5],
    "tuple": None,
    "nested": NOT_NUMBERS,
    "nan": "the output holds nan, which JSON cannot carry",
    "text": NOT_NUMBERS,
    "truth": NOT_NUMBERS,
    "file": "the output names a file where numbers belong: model.py",
    "word": NOT_NUMBERS,
}


@pytest.mark.parametrize("size", [3, 20_000], ids=["a few numbers", "more than the pipe holds"])
def test_vectors_are_looked_at_one_by_one_however_large(load: Load, size: int) -> None:
    host = load(VECTORS.replace("{annotation}", "list[float]"))
    numbers = [n / 7 for n in range(size)]
    rows = [{"kind": kind, "size": size} for kind in FLAT]
    wanted = [numbers if FLAT[kind] is None else FLAT[kind] for kind in FLAT]
    for _ in range(3):  # the first answer says how large they are
        assert outputs(host, *rows) == wanted


def test_a_model_is_not_late_because_its_results_are_kept_slowly(load: Load) -> None:
    host = load(VECTORS.replace("{annotation}", "list[float]"))
    # more than is read at a time, so that it is waited for though it is there
    rows = [{"kind": "good", "size": 200}] * (2 * host.lot)
    made, timeout_s = host.made, 3.0  # type: ignore[attr-defined]
    kept = 0
    for lot in host.run(rows, files=made, timeout_s=timeout_s, cancelled=lambda: False):
        kept += len(lot)
        time.sleep(timeout_s + 0.2 if kept < len(rows) else 0)
    assert kept == len(rows)


def test_vectors_of_vectors(load: Load) -> None:
    host = load(VECTORS.replace("{annotation}", "list[list[float]]"))
    kinds = ("good", "nested", "nan", "none")
    given = outputs(host, *({"kind": kind, "size": 3} for kind in kinds))
    assert given[1] == [[0.0, 1 / 7, 2 / 7], [1.0]]
    assert given[3] == []
    assert given[0] == NOT_NUMBERS
    assert given[2] == FLAT["nan"]


def test_what_may_share_a_pass_is_the_models_to_say(load: Load) -> None:
    host = load("""
        class Model:
            batchable = ("text",)
            max_batch_size = 2
            def predict(self, text: str, steps: int = 1) -> str:
                return "alone"
            def predict_batch(self, inputs):
                return [" ".join(sorted({str(item["steps"]) for item in inputs}))] * len(inputs)
    """)

    given = [{"text": str(n), "steps": n % 3} for n in range(30)]

    assert outputs(host, *given) == [str(n % 3) for n in range(30)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('batchable = ("txt",)', "batchable names txt, which predict() does not take"),
        ("max_batch_size = 0", "max_batch_size must be a whole number, 1 or more"),
    ],
)
def test_a_wrong_word_about_batching_is_refused(load: Load, line: str, message: str) -> None:
    with pytest.raises(SetupFailed, match=re.escape(message)):
        load(f"""
        class Model:
            {line}
            def predict(self, text: str) -> str:
                return text
            def predict_batch(self, inputs):
                return [item["text"] for item in inputs]
        """)


def test_the_host_ends_with_what_it_started(load: Load) -> None:
    host = load("""
        import subprocess
        class Model:
            def setup(self):
                self.child = subprocess.Popen(["sleep", "600"])
            def predict(self) -> int:
                return self.child.pid
    """)
    [child] = outputs(host, {})

    host.close()

    until(lambda: not alive(child))


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody asked after does not."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return False
    os.kill(pid, 0)
    return fields[0] not in ("Z", "X")
