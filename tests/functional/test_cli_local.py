"""A model folder without a server: a first one made, its schema, one prediction."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.servers.penstock import BIN, ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]

MODEL = """
from cog import Path

def run(text: str, picture: Path, fail: bool = False, count: int = 1) -> list[Path]:
    print("working")
    if fail:
        raise ValueError("no picture")
    made = []
    for number in range(count):
        path = Path("out.txt")
        path.write_text(f"{text} {number} " + open(picture).read())
        made.append(path)
    return made
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A command in a folder of its own, where no server can be reached."""
    environment = os.environ | {"PENSTOCK_URL": "http://127.0.0.1:9", "PENSTOCK_DATA": "none"}

    def _run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BIN / "penstock", *words],
            cwd=tmp_path,
            env=environment | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    return _run


def test_a_first_model_is_made_and_works(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("mine")
    made = run("init")
    assert (made.returncode, "rows.jsonl is there already" in made.stderr) == (0, True)
    assert (tmp_path / "rows.jsonl").read_text() == "mine"

    workflow = tmp_path / ".github" / "workflows" / "safe-push.yaml"
    origin = ROOT / "infra" / "github-action" / "workflows" / workflow.name
    assert workflow.read_text() == origin.read_text()
    planned = subprocess.run(
        [BIN / "safepush", tmp_path, "--plan"], capture_output=True, text=True, check=False
    )
    assert (planned.returncode, "2 predictions at most" in planned.stdout) == (0, True), (
        planned.stderr
    )

    beside = run("init", "new/hello")
    assert (beside.returncode, (tmp_path / "new/hello/cog.yaml").exists()) == (0, True)

    document: dict[str, Any] = json.loads(run("schema").stdout)
    assert document["components"]["schemas"]["Input"]["required"] == ["text"]
    done = run("predict", ".", "-i", "text=7", "-i", "count=2")
    assert json.loads(done.stdout) == ["hello 7", "good day 7"], done.stderr


def test_files_come_in_and_go_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cog.yaml").write_text("run: model.py:run")
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "in.txt").write_text("a picture")
    given = ("-i", "text=hi", "-i", "picture=@in.txt")

    done = run("predict", ".", *given)
    assert (done.stdout, done.stderr) == ("output.0.txt\n", "working\n")
    assert (tmp_path / "output.0.txt").read_text() == "hi 0 a picture"
    done = run("predict", ".", *given, "-i", "count=2", "-o", "made", "--json")
    assert json.loads(done.stdout) == ["made/0-out.txt", "made/1-out.txt"]
    assert (tmp_path / "made" / "1-out.txt").read_text() == "hi 1 a picture"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("-i", "text=hi"), 2, "picture is required"),
        (("-i", "text=hi", "-i", "picture=@gone.txt"), 2, "there is no file 'gone.txt'"),
        (("-i", "picture=@in.txt", "-i", "text=a", "-i", "count=x"), 2, "count must be"),
        (("-i", "picture=@in.txt", "-i", "text=a", "-i", "fail=true"), 1, "ValueError: no picture"),
    ],
)
def test_what_is_wrong_is_said(
    run: Run, tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    (tmp_path / "cog.yaml").write_text("run: model.py:run")
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "in.txt").write_text("a picture")
    done = run("predict", ".", *words)
    assert (done.returncode, message in done.stderr, done.stdout) == (code, True, "")


def test_nothing_is_needed_of_a_home(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cog.yaml").write_text("run: model.py:run")
    (tmp_path / "model.py").write_text("def run() -> str:\n    return 'well'\n")

    done = run("predict", ".", XDG_CACHE_HOME="", HOME=str(tmp_path / "model.py"))

    assert (done.returncode, done.stdout) == (0, '"well"\n'), done.stderr


def test_a_place_that_cannot_be_written_is_named_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = run("init", "file/hello")

    assert (done.returncode, done.stderr) == (1, "Error: file/hello: Not a directory\n")


@pytest.mark.parametrize("ref", ["cow", "./cow", "cow/"])
@pytest.mark.parametrize("command", ["predict", "train"])
def test_a_folder_without_a_model_is_not_asked_of_a_server(
    run: Run, tmp_path: Path, ref: str, command: str
) -> None:
    (tmp_path / "cow").mkdir()
    done = run(command, ref)
    told = f"Error: {ref} has no cog.yaml; `penstock init` makes a model\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_a_folder_may_have_the_name_of_a_model_on_a_server(run: Run, tmp_path: Path) -> None:
    (tmp_path / "me" / "cow").mkdir(parents=True)
    done = run("predict", "me/cow", PENSTOCK_TOKEN="pst_x")
    assert "cannot reach http://127.0.0.1:9" in done.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"a: b: c\n", "line 1: mapping values are not allowed here"),
        (b'run: m.py:run\nbuild:\n  x: "3\n', "(while scanning a quoted scalar from line 3)"),
        (b"\xff\xfe", "it is not YAML in UTF-8"),
    ],
)
def test_a_cog_yaml_that_is_none_says_where(
    run: Run, tmp_path: Path, text: bytes, told: str
) -> None:
    (tmp_path / "cog.yaml").write_bytes(text)
    done = run("schema", ".")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: .: cog.yaml cannot be read: ")
    assert told in done.stderr


def test_what_keeps_a_server_from_starting_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "afile").touch()
    run("init", "m")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        busy = f"cannot listen on 127.0.0.1:{port} (Address already in use); choose another --port"
        assert run("serve", "m", "-p", port).stderr == f"Error: m: {busy} or --host\n"
        assert run("up", "--data", "d", "--port", port).stderr == f"Error: {busy} or --host\n"
    done = run("up", "--data", "afile/data")
    assert (done.returncode, "afile/data must be a folder, and is a file" in done.stderr) == (
        2,
        True,
    )
    for url in ("foo", "foo:80", "ftp://foo", "http://"):
        told = run("up", PENSTOCK_PUBLIC_URL=url).stderr
        assert told == "Error: PENSTOCK_PUBLIC_URL must be such as https://penstock.example.com\n"


def test_an_interrupted_prediction_ends_with_130(tmp_path: Path) -> None:
    (tmp_path / "cog.yaml").write_text("run: model.py:run")
    code = "import time\ndef run() -> str:\n    print('working')\n    time.sleep(600)\n"
    (tmp_path / "model.py").write_text(code)
    process = subprocess.Popen(
        [BIN / "penstock", "predict", tmp_path], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "working\n"

    process.send_signal(signal.SIGINT)

    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (130, "interrupted\n")


def test_a_folder_that_cannot_be_loaded_says_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cog.yaml").write_text("run: model.py:run")
    (tmp_path / "model.py").write_text("print('loading')\nimport nowhere\n")
    done = run("schema", ".")
    assert done.returncode == 1
    assert "No module named 'nowhere'" in done.stderr
    assert "loading" in done.stderr


def test_a_command_runs_where_the_model_would(run: Run, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    config = "run: model.py:run\nenvironment: [GREETING=hi]\n"
    (tmp_path / "model" / "cog.yaml").write_text(config)
    shown = "os.getcwd(), sys.executable, os.environ['GREETING'], *sys.argv[1:]"
    script = f"import cog, os, sys; print({shown})"
    done = run("exec", "model", "python", "-c", script, "--json", "--", "-x")
    folder, python, *rest = done.stdout.split()
    assert (folder, rest) == (str(tmp_path / "model"), ["hi", "--json", "--", "-x"]), done.stderr
    assert Path(python).parent.samefile(BIN)
    assert run("exec", "model", "sh", "-c", "exit 7").returncode == 7
    gone = run("exec", "model", "no-such-command")
    assert (gone.returncode, "there is no command 'no-such-command'" in gone.stderr) == (127, True)
