"""The commands, against a real server."""

import gzip
import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from jobs.cli import main
from tests.servers.endpoint import silent
from tests.servers.penstock import BIN, ROOT, Penstock, free_port, until

TEXT = """
from cog import BasePredictor, ConcatenateIterator

class Predictor(BasePredictor):
    def predict(self, text: str, count: int = 2) -> ConcatenateIterator[str]:
        yield from [f"{text} "] * count
"""
PICTURES = """
import tempfile
from cog import BasePredictor, Input, Path

class Predictor(BasePredictor):
    def predict(self, name: str = Input(default="a"), count: int = Input(default=1)) -> list[Path]:
        files = []
        for number in range(count):
            file = Path(tempfile.mkdtemp()) / "picture.txt"
            file.write_text(f"{name} {number}")
            files.append(file)
        return files
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    folder = tmp_path_factory.mktemp("cli")
    started = Penstock(folder, PENSTOCK_METRICS_PORT=str(free_port()))
    started.start()
    for name, source in (("pictures", PICTURES), ("text", TEXT)):
        (folder / name).mkdir()
        (folder / name / "cog.yaml").write_text("predict: predict.py:Predictor\n")
        (folder / name / "predict.py").write_text(source)
    started.push("hello", "demo/hello")
    started.push("chaos-monkey", "demo/chaos-monkey")
    # how long a row takes is measured per model; this one's rows all sleep
    started.push("chaos-monkey", "demo/slow")
    for name in ("pictures", "text"):
        assert started.cli("push", str(folder / name), f"demo/{name}").returncode == 0
    yield started
    started.stop()


class Shell:
    """Commands in this process, with the environment of a user of this server."""

    def __init__(self, server: Penstock, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.env: dict[str, str | None] = {
            "PENSTOCK_URL": server.url,
            "PENSTOCK_DATA": str(server.data),
            "PENSTOCK_TOKEN": None,
        }

    def __call__(self, *words: str, **options: Any) -> Result:
        return CliRunner().invoke(main, words, env=self.env, **options)

    def told(self, *words: str) -> Any:
        """The JSON of a command that does what it should."""
        done = self(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def manifest(self, *inputs: dict[str, Any]) -> str:
        """A manifest of these inputs; its path."""
        file = self.folder / f"rows{len(list(self.folder.iterdir()))}.jsonl"
        rows = ({"custom_id": f"r{n}", "input": given} for n, given in enumerate(inputs))
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return str(file)


@pytest.fixture
def shell(server: Penstock, tmp_path: Path) -> Shell:
    return Shell(server, tmp_path)


# --- every command ----------------------------------------------------------------------------


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = list(commands(main))
PROCESSES = {("up",), ("api",), ("worker",), ("deliver",), ("sweep",)}
WITHOUT_JSON = PROCESSES | {("completion",), ("batch",), ("token",), ("webhooks",)}
WITHOUT_JSON |= {
    ("webhooks", "endpoints"),
    ("deployments",),
    ("trainings",),
    ("predictions",),
    ("keys",),
    ("exec",),
    ("serve",),
}


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_helps_with_an_example_and_takes_json(words: tuple[str, ...]) -> None:
    long, short = (CliRunner().invoke(main, [*words, flag]) for flag in ("--help", "-h"))

    assert long.exit_code == short.exit_code == 0
    assert long.output == short.output
    assert "Example:" in long.output
    assert f"penstock {words[0]}" in long.output.split("Example:")[1]
    assert ("--json" in long.output) is (words not in WITHOUT_JSON)


def test_the_root_lists_every_command_and_the_exit_codes() -> None:
    output = CliRunner().invoke(main, ["-h"]).output

    assert all(words[0] in output for words in ALL)
    assert "Exit codes" in output


def test_a_command_imports_only_what_it_needs() -> None:
    # each of these costs a tenth of a second or more at every start
    heavy = ("httpx", "rich", "sqlalchemy", "celery", "boto3", "flask", "alembic", "safepush",
             "torch", "numpy")  # fmt: skip
    code = "import sys, jobs.cli.main, jobs.cli.batches, jobs.cli.processes, jobs.cli.models;"
    code += f"print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


# --- submit, watch, show ----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["file", "gzip", "stdin"])
def test_a_manifest_is_taken_from_a_file_plain_or_gzip_and_from_stdin(
    shell: Shell, how: str
) -> None:
    path = shell.manifest({"text": "x"}, {"text": "y"})
    text = Path(path).read_bytes()
    if how == "gzip":
        path += ".gz"
        Path(path).write_bytes(gzip.compress(text))

    words = ("batch", "submit", "demo/hello", "-" if how == "stdin" else path, "--watch")
    done = shell(*words, input=text if how == "stdin" else None)

    assert done.exit_code == 0, done.output
    id, summary = done.stdout.splitlines()[:2]
    assert summary == f"{id} completed: 2 completed of 2"
    assert "2 rows" in done.stderr


def test_a_pipe_is_sent_as_it_comes(server: Penstock) -> None:
    row = json.dumps({"custom_id": "a", "input": {"text": "x" * 1000}}).encode()
    process = subprocess.Popen(
        [BIN / "penstock", "batch", "submit", "demo/hello", "-", "--watch", "--json"],
        env=server.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    for number in range(2000):
        process.stdin.write(row.replace(b'"a"', b'"%d"' % number) + b"\n")
    output, _ = process.communicate(timeout=90)

    assert process.returncode == 0
    assert json.loads(output)["request_counts"]["completed"] == 2000


def test_an_s3_manifest_that_was_not_granted_is_refused(shell: Shell) -> None:
    done = shell("batch", "submit", "demo/hello", "s3://nobody/rows.jsonl")

    assert done.exit_code == 2
    assert "penstock token create --bucket" in done.stderr


def test_submit_says_what_it_will_cost_once_the_version_was_measured(shell: Shell) -> None:
    path = shell.manifest(*({"text": str(n)} for n in range(100)))
    shell("batch", "submit", "demo/hello", path, "--watch")

    done = shell("batch", "submit", "demo/hello", path)

    assert "100 rows" in done.stderr
    assert "on one worker" in done.stderr


def test_options_of_submit_reach_the_batch(shell: Shell) -> None:
    path = shell.manifest({"text": "x"})
    words = ["batch", "submit", "demo/hello", path, "--metadata", "team=a=b", "--window", "48h"]

    words += ["--webhook", "http://127.0.0.1:9/", "--webhook-format", "openai"]
    words += ["--webhook-event", "completed", "--idempotency-key", "k1"]

    told = shell.told(*words)

    assert shell.told(*words)["id"] == told["id"]
    assert told["metadata"] == {"team": "a=b"}
    assert told["completion_window"] == "48h"
    other = shell("batch", "submit", "demo/hello", path, "--idempotency-key", "k1")
    assert other.exit_code == 7
    assert "Idempotency-Key" in other.stderr


def test_the_data_folder_stays_out_of_a_repository(server: Penstock) -> None:
    """A token and a key lie there, and `git add .` would take them along."""
    assert (server.data / ".gitignore").read_text() == "*\n"


def test_what_is_refused_leaves_no_upload(shell: Shell, server: Penstock) -> None:
    path = shell.manifest({"text": "x"})
    shell("batch", "submit", "demo/hello", path)
    [before] = server.call("GET", "/v1/files?limit=1")["data"]

    assert shell("batch", "submit", "demo/nothing", path).exit_code == 6

    [after] = server.call("GET", "/v1/files?limit=1")["data"]
    assert after["id"] == before["id"]


def test_a_manifest_may_come_out_of_a_pipe(shell: Shell, tmp_path: Path) -> None:
    """As a shell's <(command) is one."""
    path, pipe = shell.manifest({"text": "x"}), tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(Path(path).read_bytes()))
    writer.start()

    assert shell("batch", "submit", "demo/hello", str(pipe), "--watch").exit_code == 0
    writer.join()


def test_lists_of_versions_leave_their_documents_out(shell: Shell) -> None:
    (one, *_) = shell.told("versions", "demo/hello")

    assert "openapi_schema" not in one
    assert all("openapi_schema" not in (m["latest_version"] or {}) for m in shell.told("models"))
    assert shell.told("versions", "demo/hello", one["id"])["openapi_schema"]["openapi"]


def test_a_batch_is_paused_resumed_and_says_so(shell: Shell) -> None:
    path = shell.manifest(*({"seconds": 0.05} for _ in range(100)))
    id = shell.told("batch", "submit", "demo/slow", path, "--priority", "high")["id"]

    paused = shell("batch", "pause", id)

    assert f"penstock batch resume {id}" in paused.stdout
    shown = shell("batch", "show", id).stdout
    assert "high" in shown
    assert "penstock batch resume" in shown
    assert any(line.startswith(id) and "paused" in line for line in listed(shell))
    assert "is in_progress" in shell("batch", "resume", id).stdout.replace(
        "validating", "in_progress"
    )
    assert not any(line.startswith(id) and "paused" in line for line in listed(shell))
    shell("batch", "cancel", id)
    assert shell("batch", "watch", id).exit_code == 4
    assert shell("batch", "pause", id).exit_code == 7
    wrong = shell("batch", "submit", "demo/slow", path, "--priority", "urgent")
    assert "low, normal, high" in wrong.stderr


def listed(shell: Shell) -> list[str]:
    return shell("batch", "list").stdout.splitlines()


def test_limits_of_a_token_are_set_and_shown(shell: Shell) -> None:
    made = ("token", "create", "few", "--owner", "few", "--limit", "batches=3")
    token = shell.told(*made)["token"]
    found = next(one for one in shell.told("token", "list") if one["owner"] == "few")
    assert found["limits"]["batches"] == 3

    assert (
        shell("token", "limit", found["id"], "batches=none", "requests_per_s=0.01").exit_code == 0
    )

    line = next(line for line in shell("token", "list").stdout.splitlines() if "few" in line)
    assert line.endswith("requests_per_s=0.01")
    shell.env["PENSTOCK_TOKEN"] = token
    assert shell("batch", "list").exit_code == 0
    refused = shell("batch", "list")  # told to come again in a minute and a half: not waited for
    assert refused.exit_code == 1
    assert "0.01 requests a second" in refused.stderr
    shell.env["PENSTOCK_TOKEN"] = None
    assert "a limit is one of" in shell("token", "limit", found["id"], "cpus=3").stderr
    assert shell("token", "limit", "0" * 12, "batches=3").exit_code == 2


def test_watch_tells_by_its_exit_code_how_it_ended(shell: Shell) -> None:
    some = shell.manifest({"text": "x"}, {"do": "fail"})
    bad = shell.manifest({"txt": "x"}, {"do": 5})

    failed = shell("batch", "submit", "demo/chaos-monkey", some, "--watch")
    refused = shell("batch", "submit", "demo/chaos-monkey", bad, "--watch")

    assert failed.exit_code == 3
    assert "1 completed, 1 failed of 2" in failed.stdout
    assert "retry-failed" in failed.stdout
    assert refused.exit_code == 4
    assert "line 1: input.txt is not known" in refused.stdout
    assert "line 2: input.do must be one of" in refused.stdout


def test_ctrl_c_leaves_the_batch_running_and_says_how_to_see_it_again(
    server: Penstock, shell: Shell
) -> None:
    path = shell.manifest(*({"seconds": 0.05} for _ in range(40)))
    process = subprocess.Popen(
        [BIN / "penstock", "batch", "submit", "demo/slow", path, "--watch"],
        env=server.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    id = process.stdout.readline().strip()
    until(lambda: shell.told("batch", "show", id)["request_counts"]["running"])

    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 130
    assert f"penstock batch watch {id}" in errors
    assert "Traceback" not in errors
    assert shell("batch", "watch", id).exit_code == 0


def test_a_terminal_shows_a_bar_with_rate_and_time_left(server: Penstock, shell: Shell) -> None:
    path = shell.manifest(*({"seconds": 0.02} for _ in range(100)))
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [BIN / "penstock", "batch", "submit", "demo/slow", path, "--watch"],
        env=server.environment | {"TERM": "xterm-256color", "COLUMNS": "120"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    try:
        while piece := os.read(ours, 65536):
            seen += piece
    except OSError:  # the other side is closed
        pass
    os.close(ours)

    assert process.wait(60) == 0
    assert b"rows/s" in seen
    assert b" left" in seen
    assert b"100/100" in seen


def test_show_is_for_people_and_with_json_for_programs(shell: Shell) -> None:
    path = shell.manifest({"text": "x"}, {"do": "fail"})
    id = shell.told("batch", "submit", "demo/chaos-monkey", path)["id"]
    shell("batch", "watch", id)

    text, told = shell("batch", "show", id).stdout, shell.told("batch", "show", id)

    assert told["status"] == "completed"
    assert f"{id} completed: 1 completed, 1 failed of 2" in text
    assert f"demo/chaos-monkey:{told['version']}" in text
    assert "UTC" in text


def test_list_goes_on_over_pages(shell: Shell) -> None:
    path = shell.manifest({"text": "x"})
    ids = [shell.told("batch", "submit", "demo/hello", path)["id"] for _ in range(3)]

    assert [one["id"] for one in shell.told("batch", "list", "--limit", "3")] == ids[::-1]
    lines = shell("batch", "list", "--limit", "2").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ids[:0:-1]


def test_cancel_and_retry_take_json_too(shell: Shell) -> None:
    # a model nobody measured: its rows go to it one by one, so that a cancel is heard soon
    shell.server.push("chaos-monkey", "demo/unmeasured")
    slow = shell.manifest(*({"seconds": 0.5} for _ in range(60)))
    id = shell.told("batch", "submit", "demo/unmeasured", slow)["id"]
    until(lambda: shell.told("batch", "show", id)["request_counts"]["running"])

    # finalizing at once, where no shard is under way just then
    ending = ("cancelling", "finalizing", "cancelled")
    assert shell.told("batch", "cancel", id)["status"] in ending
    assert shell("batch", "watch", id).exit_code == 4
    child = shell.told("batch", "retry-failed", id)
    assert child["parent"] == id
    told = shell("batch", "cancel", child["id"]).stdout
    assert told.strip() in [f"{child['id']} is {status}" for status in ending]


# --- results ----------------------------------------------------------------------------------


def test_results_are_whole_and_have_the_hashes_of_the_index(shell: Shell) -> None:
    path = shell.manifest({"text": "x"}, {"do": "fail"})
    id = shell.told("batch", "submit", "demo/chaos-monkey", path)["id"]
    shell("batch", "watch", id)
    folder = shell.folder / "deep" / "results"

    told = shell.told("batch", "results", id, "--output", str(folder))

    names = ["output.jsonl", "errors.jsonl", "index.json"]
    assert told == [str(folder / name) for name in names]
    assert sorted(file.name for file in folder.iterdir()) == sorted(names)
    index = json.loads((folder / "index.json").read_text())
    for name, file in index["files"].items():
        content = (folder / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["size"], file["sha256"])


def test_files_of_rows_are_downloaded_once(shell: Shell) -> None:
    path = shell.manifest({"name": "x", "count": 2}, {"name": "y"})
    id = shell.told("batch", "submit", "demo/pictures", path)["id"]
    shell("batch", "watch", id)
    words = ("batch", "results", id, "--output", str(shell.folder / "r"), "--files")

    first = shell(*words)
    files = sorted((shell.folder / "r" / "files").rglob("*.txt"))
    texts = {
        str(file.relative_to(shell.folder / "r" / "files")): file.read_text() for file in files
    }
    files[0].write_text("kept")
    second = shell.told(*words)

    assert first.exit_code == 0, first.output
    assert "3 files" in first.stdout
    assert texts == {
        "0/1-picture.txt": "x 1",
        "0/picture.txt": "x 0",
        "1/picture.txt": "y 0",
    }
    assert files[0].read_text() == "kept"
    assert len(second) == 6


def test_results_do_not_replace_those_of_another_batch(shell: Shell) -> None:
    path, folder = shell.manifest({"text": "x"}), shell.folder / "r"
    first, second = (shell.told("batch", "submit", "demo/hello", path)["id"] for _ in range(2))
    for id in (first, second):
        shell("batch", "watch", id)
    assert shell("batch", "results", first, "--output", str(folder)).exit_code == 0
    kept = {file: file.read_bytes() for file in folder.iterdir()}

    for _ in range(2):
        done = shell("batch", "results", second, "--output", str(folder))
        assert (done.exit_code, f"has the results of {first}" in done.stderr) == (7, True)
        (folder / "index.json").unlink(missing_ok=True)  # as of a download that was cut off
    (folder / "output.jsonl").write_text("notes of mine")

    assert (
        "output.jsonl already" in shell("batch", "results", first, "--output", str(folder)).stderr
    )
    assert (folder / "errors.jsonl").read_bytes() == kept[folder / "errors.jsonl"]


def test_the_problems_of_a_refused_manifest_are_what_it_gave(shell: Shell) -> None:
    id = shell.told("batch", "submit", "demo/hello", shell.manifest({"txt": "x"}))["id"]
    shell("batch", "watch", id)

    done = shell("batch", "results", id, "--output", str(shell.folder / "r"))

    assert done.exit_code == 4
    problems = (shell.folder / "r" / "validation-errors.jsonl").read_text().splitlines()
    assert {json.loads(line)["code"] for line in problems} == {"unknown_field", "missing_field"}


def test_the_problems_of_another_manifest_stay(shell: Shell) -> None:
    folder = shell.folder / "r"
    first, second = (
        shell.told("batch", "submit", "demo/hello", shell.manifest(input))["id"]
        for input in ({"txt": "x"}, {"text": 5})
    )
    for id in (first, second):
        shell("batch", "watch", id)
    codes = [
        shell("batch", "results", id, "--output", str(folder)).exit_code
        for id in (first, first, second)
    ]

    assert codes == [4, 4, 7]
    good = shell.told("batch", "submit", "demo/hello", shell.manifest({"text": "x"}))["id"]
    shell("batch", "watch", good)
    done = shell("batch", "results", good, "--output", str(folder))
    assert (done.exit_code, f"--output {good}" in done.stderr) == (7, True)
    assert [file.name for file in folder.iterdir()] == ["validation-errors.jsonl"]
    assert "unknown_field" in (folder / "validation-errors.jsonl").read_text()


def test_files_that_nobody_knows_are_not_taken_for_a_batchs(shell: Shell) -> None:
    path, folder = shell.manifest({"name": "x"}), shell.folder / "r"
    id = shell.told("batch", "submit", "demo/pictures", path)["id"]
    shell("batch", "watch", id)
    mine = folder / "files" / "0" / "picture.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")

    done = shell("batch", "results", id, "--output", str(folder), "--files")
    as_file = shell("batch", "results", id, "--output", str(mine))

    assert (done.exit_code, "files of rows already" in done.stderr) == (7, True)
    assert (as_file.exit_code, "is a file" in as_file.stderr) == (2, True)
    assert [file for file in folder.rglob("*") if file.is_file()] == [mine]


def test_results_of_a_batch_that_runs_say_to_wait(shell: Shell) -> None:
    slow = shell.manifest(*({"seconds": 0.2} for _ in range(50)))
    id = shell.told("batch", "submit", "demo/slow", slow)["id"]

    done = shell("batch", "results", id, "--output", str(shell.folder / "r"))
    shell("batch", "cancel", id)

    assert done.exit_code == 7
    assert f"penstock batch watch {id}" in done.stderr
    assert not (shell.folder / "r").exists()


# --- predict ----------------------------------------------------------------------------------


def test_predict_prints_the_output(shell: Shell) -> None:
    assert shell("predict", "demo/hello", "-i", "text=you").stdout == '"hello you"\n'
    told = shell.told("predict", "demo/hello", "-i", "text=you")
    assert (told["status"], told["output"]) == ("succeeded", "hello you")


@pytest.mark.parametrize("written", ["123", "true", "null", "[1]", "1e400", "NaN", "a"])
def test_a_text_is_taken_as_it_was_written(shell: Shell, written: str) -> None:
    done = shell("predict", "demo/hello", "-i", f"text={written}")

    assert done.stdout == f'"hello {written}"\n', done.output


def test_a_number_that_json_has_not_is_no_number(shell: Shell) -> None:
    done = shell("predict", "demo/text", "-i", "text=a", "-i", "count=1e400")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "input.count must be an integer, not a string" in done.stderr


def test_pieces_of_one_text_are_shown_and_written_as_one(shell: Shell, server: Penstock) -> None:
    here, text = str(server.data.parent / "text"), shell.folder / "text.txt"

    for model in (here, "demo/text"):
        assert shell("predict", model, "-i", "text=7").stdout == '"7 7 "\n'
        shell("predict", model, "-i", "text=7", "-o", str(text))
        assert text.read_text() == "7 7 "
        text.unlink()
    assert shell.told("predict", "demo/text", "-i", "text=7")["output"] == ["7 ", "7 "]


def test_a_prediction_is_waited_for_while_the_server_restarts(server: Penstock) -> None:
    words = [BIN / "penstock", "predict", "demo/slow", "-i", "seconds=2"]
    with subprocess.Popen(words, env=server.environment, stdout=subprocess.PIPE) as waiting:
        until(lambda: newest(server)["input"] == {"seconds": 2}, 60)
        server.kill()
        server.start()
        waiting.communicate(timeout=120)

    assert waiting.returncode == 0
    assert newest(server)["status"] == "succeeded"


def newest(server: Penstock) -> Any:
    """The prediction that was made last."""
    found = server.call("GET", "/v1/predictions?limit=1")["results"]
    return found[0] if found else {"input": None}


def test_a_training_that_is_refused_leaves_no_model(shell: Shell) -> None:
    done = shell("train", "demo/hello", "-i", "text=a", "--destination", "demo/never")

    assert (done.exit_code, "cannot be trained" in done.stderr) == (2, True)
    assert "demo/never" not in shell("models").stdout


def test_a_failed_prediction_says_why_and_exits_1(shell: Shell) -> None:
    done = shell("predict", "demo/chaos-monkey", "-i", "do=fail")

    assert done.exit_code == 1
    assert "this row was asked to fail" in done.stderr
    assert "Traceback" in done.stderr
    assert done.stdout == ""
    id = done.stderr.strip().rpartition("penstock predictions show ")[2]
    shown = shell("predictions", "show", id).stdout
    assert "status      failed" in shown
    assert shown.splitlines()[-1] == shell.told("predictions", "show", id)["logs"].splitlines()[-1]


def test_predictions_are_listed_and_stopped(shell: Shell, server: Penstock) -> None:
    body = {"version": "demo/slow", "input": {"seconds": 60}}
    id = server.call("POST", "/v1/predictions", json=body)["id"]

    assert shell("predictions", "list", "--limit", "1").stdout.startswith(id)
    assert shell("predictions", "cancel", id).exit_code == 0
    until(lambda: shell.told("predictions", "show", id)["status"] == "canceled", 60)
    assert shell("predictions", "show", "pred_none").exit_code == 6


def test_some_predictions_are_listed(shell: Shell) -> None:
    shell("predict", "demo/chaos-monkey", "-i", "do=fail")
    shell("predict", "demo/hello", "-i", "text=you")

    def models(*words: str) -> set[str]:
        return {one["model"] for one in shell.told("predictions", "list", *words)}

    assert models("--model", "demo/hello", "--since", "1h") == {"demo/hello"}
    assert models("--status", "failed") == {"demo/chaos-monkey"}
    both = models("--status", "failed", "--status", "succeeded", "--since", "2020-01-01")
    assert both >= {"demo/hello", "demo/chaos-monkey"}
    assert models("--until", "1h") == models("--status", "failed", "--model", "demo/hello") == set()
    line = shell("predictions", "list", "--status", "failed").stdout.splitlines()[0]
    assert "failed" in line
    assert shell("predictions", "list", "--model", "hello").exit_code == 2
    for words in (["--status", "done"], ["--since", "soon"], ["--limit", "0"]):
        done = shell("predictions", "list", *words)
        assert (done.exit_code, words[0] in done.stderr) == (2, True)


def test_some_batches_are_listed_and_one_that_has_ended_is_not_paused(shell: Shell) -> None:
    path = shell.manifest(*({"seconds": 0.05} for _ in range(200)))
    id = shell.told("batch", "submit", "demo/slow", path)["id"]
    shell("batch", "pause", id)

    def ids(*words: str) -> list[str]:
        return [one["id"] for one in shell.told("batch", "list", *words)]

    assert id in ids("--status", "paused", "--model", "demo/slow", "--since", "1h")
    assert id not in ids("--model", "demo/hello")
    shell("batch", "cancel", id)
    shell("batch", "watch", id)
    assert id in ids("--status", "cancelled")
    assert id not in ids("--status", "paused")
    assert "cancelled" in next(line for line in listed(shell) if line.startswith(id))


def test_predict_writes_one_file_several_files_and_text(shell: Shell) -> None:
    one, several = shell.folder / "one.txt", shell.folder / "several"
    text = shell.folder / "text.txt"

    shell("predict", "demo/pictures", "-i", "name=x", "-o", str(one))
    many = shell("predict", "demo/pictures", "-i", "count=2", "-o", str(several))
    shell("predict", "demo/hello", "-i", "text=you", "-o", str(text))

    assert one.read_text() == "x 0"
    assert [Path(line).read_text() for line in many.stdout.splitlines()] == ["a 0", "a 1"]
    assert {file.name for file in several.iterdir()} == {"picture.txt", "1-picture.txt"}
    assert text.read_text() == "hello you"


def test_a_version_of_the_server_runs_here(shell: Shell) -> None:
    digest = shell.told("models", "demo/hello")["aliases"]["live"]
    shell.env["XDG_CACHE_HOME"] = str(shell.folder)
    here = ("predict", "--local", "-i", "text=you")
    assert shell(*here, "demo/hello").stdout == '"hello you"\n'
    kept = shell.folder / "penstock" / "versions" / digest
    assert (kept / "cog.yaml").read_bytes() == (
        ROOT / "examples/models/hello" / "cog.yaml"
    ).read_bytes()
    assert [one.name for one in kept.parent.iterdir()] == [digest]

    shell.env["PENSTOCK_URL"] = "http://127.0.0.1:9"  # what is here need not be asked for
    assert shell(*here, f"demo/hello@{digest}").stdout == '"hello you"\n'


@pytest.mark.parametrize(
    ("ref", "code", "message"),
    [
        ("hello", 2, "owner/name@digest"),
        ("demo/hello@next", 2, "'next' is neither a digest nor"),
        (f"demo/hello@{'0' * 64}", 6, "version"),
    ],
)
def test_no_such_version_runs_here(shell: Shell, ref: str, code: int, message: str) -> None:
    shell.env["XDG_CACHE_HOME"] = str(shell.folder)
    done = shell("predict", "--local", ref, "-i", "text=you")
    assert (done.exit_code, message in done.stderr) == (code, True), done.stderr
    assert not list(shell.folder.glob("penstock/versions/*"))


def test_ctrl_c_cancels_a_prediction(server: Penstock, shell: Shell) -> None:
    process = subprocess.Popen(
        [BIN / "penstock", "predict", "demo/chaos-monkey", "-i", "seconds=60"],
        env=server.environment,
        stderr=subprocess.PIPE,
        text=True,
    )

    def running() -> str | None:
        newest = server.call("GET", "/v1/predictions?limit=1")["results"]
        return newest[0]["id"] if newest and newest[0]["input"] == {"seconds": 60} else None

    id = until(running)
    time.sleep(0.2)  # until it asks again
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 130
    assert f"{id} is cancelled" in errors
    until(lambda: server.call("GET", f"/v1/predictions/{id}")["status"] == "canceled")


# --- models, tokens, webhooks -----------------------------------------------------------------


def test_models_and_versions_are_listed_and_shown(shell: Shell) -> None:
    live = shell.told("models", "demo/hello")["aliases"]["live"]

    names = {one["name"] for one in shell.told("models")}
    assert names >= {"hello", "chaos-monkey", "pictures", "slow"}
    assert f"demo/hello  live {live[:12]}" in shell("models").stdout
    assert f"live     {live}" in shell("models", "demo/hello").stdout
    assert [one["id"] for one in shell.told("versions", "demo/hello")] == [live]
    text = shell("versions", "demo/hello", live).stdout
    assert "text (required): string  Whom to greet." in text
    assert "state    ready" in text


def test_promote_and_rollback_step_forward_and_back(shell: Shell) -> None:
    folder = shell.folder / "hello"
    folder.mkdir()
    (folder / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    source = "from cog import BasePredictor\nclass Predictor(BasePredictor):\n"
    (folder / "predict.py").write_text(
        source + "    def predict(self) -> str:\n        return 'a'\n"
    )
    first = shell.told("push", str(folder), "demo/steps")
    (folder / "predict.py").write_text(
        source + "    def predict(self) -> str:\n        return 'b'\n"
    )
    second = shell.told("push", str(folder), "demo/steps")

    assert (first["aliases"], second["aliases"]) == (["staging", "live"], ["staging"])
    told = shell.told("promote", "demo/steps", second["id"], "--expected", first["id"])
    assert (told["version"], told["previous"]) == (second["id"], first["id"])
    assert shell("predict", "demo/steps").stdout == '"b"\n'
    assert shell("promote", "demo/steps", first["id"], "--expected", first["id"]).exit_code == 7
    assert first["id"] in shell("rollback", "demo/steps").stdout
    assert shell("predict", "demo/steps").stdout == '"a"\n'
    # what is newest is not what callers have
    shown = shell("models", "demo/steps").stdout
    assert f"live     {first['id']}" in shown
    assert f"newest   {second['id']} (ready)" in shown


def test_a_version_that_failed_is_not_offered_to_be_promoted(shell: Shell) -> None:
    folder = shell.folder / "offered"
    folder.mkdir()
    (folder / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    source = "from cog import BasePredictor\nclass Predictor(BasePredictor):\n"
    good = source + "    def predict(self) -> str:\n        return 'a'\n"
    (folder / "predict.py").write_text(good + "    def setup(self):\n        raise OSError\n")

    assert shell("push", str(folder), "demo/offered").exit_code == 1
    shown = shell("models", "demo/offered").stdout
    assert "(failed)" in shown
    assert "make it live" not in shown


def test_the_beginning_of_a_digest_will_do(shell: Shell) -> None:
    digest = shell.told("models", "demo/hello")["aliases"]["live"]
    short = digest[:8]
    named = ("-i", "text=you")

    assert shell.told("promote", "demo/hello", short, "--expected", short)["version"] == digest
    assert shell.told("versions", "demo/hello", short)["id"] == digest
    assert shell("predict", f"demo/hello:{short}", *named).stdout == '"hello you"\n'
    assert shell("predict", "--local", f"demo/hello@{short}", *named).stdout == '"hello you"\n'
    batch = shell.told("batch", "submit", f"demo/hello:{short}", shell.manifest({"text": "x"}))
    assert batch["version"] == digest
    made = shell.told("deployments", "create", "begun", f"demo/hello:{short}")
    assert made["current_release"]["version"] == digest
    released = shell.told("deployments", "update", "begun", "--version", short)
    assert released["current_release"]["version"] == digest
    shell("deployments", "delete", "begun")


def test_one_s_own_deployment_is_named_without_its_owner(shell: Shell) -> None:
    shell.told("deployments", "create", "greeter", "demo/hello")
    rows = shell.manifest({"text": "x"})

    for ref in ("deployment:greeter", "deployment:local/greeter"):
        assert shell("predict", ref, "-i", "text=you").stdout == '"hello you"\n'
        batch = shell.told("batch", "submit", ref, rows)
        assert batch["deployment"] == "local/greeter"
        shell("batch", "watch", batch["id"])

    assert shell("predict", "deployment:nothing", "-i", "text=you").exit_code == 6
    assert "owner/name" in shell("predict", "deployment:", "-i", "text=you").stderr
    shell("deployments", "delete", "greeter")


def test_tokens_are_made_listed_shown_and_revoked(shell: Shell, server: Penstock) -> None:
    told = shell.told("token", "create", "ci", "--owner", "ci", "--bucket", "inputs/daily")
    made = told["token"]
    shell.env["PENSTOCK_TOKEN"] = made

    assert shell.told("token", "show") == {"token": made}
    assert shell.told("models") == []
    shell("token", "create", "tests", "--owner", "tests", "--no-promote")
    assert "tests  no buckets  no limits  may not promote" in shell("token", "list").stdout
    id = next(one["id"] for one in shell.told("token", "list") if one["owner"] == "ci")
    assert told == {"id": id, "token": made}
    assert shell.told("token", "revoke", id) == {"id": id, "revoked": True}
    until(lambda: shell("models").exit_code == 2)  # the server may know it for a second more
    done = shell("models")
    assert done.exit_code == 2
    assert "PENSTOCK_TOKEN" in done.stderr
    assert made not in done.output


def test_the_webhook_s_secret_and_deliveries_are_told(shell: Shell) -> None:
    path = shell.manifest({"text": "x"})
    words = ("batch", "submit", "demo/hello", path, "--webhook", "http://127.0.0.1:9/")
    id = shell.told(*words)["id"]
    shell("batch", "watch", id)

    assert shell("webhooks", "secret").stdout.startswith("whsec_")
    assert set(shell.told("webhooks", "secret")) == {"key"}
    told = shell.told("webhooks", "deliveries", id)
    assert {one["type"] for one in told} >= {"batch.created"}
    *_, second, first = until(lambda: tried_once(shell, id))
    assert "pending  1 attempt, last: " in first
    assert re.search(r", next: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$", first)
    name = first.split()[0]
    assert second.endswith(f"last: not sent yet, waits for {name}, which comes before it")
    again = shell("webhooks", "replay", second.split()[0]).stdout
    assert again.endswith(f", waits for {name}, which comes before it\n")


def test_a_private_address_for_a_webhook_is_refused_at_once(shell: Shell) -> None:
    rows = shell.manifest({"text": "x"})
    done = shell("batch", "submit", "demo/hello", rows, "--webhook", "http://10.0.0.5/hook")
    assert done.exit_code == 2
    assert "Error: webhook: leads where webhooks may not go: it is in 10.0.0.0/8" in done.stderr


def tried_once(shell: Shell, id: str) -> list[str] | None:
    """The lines of its deliveries, newest first, once the first one has failed."""
    lines = shell("webhooks", "deliveries", id).stdout.splitlines()
    return lines if "1 attempt," in lines[-1] else None


def test_dead_letters_are_listed_and_sent_again(shell: Shell) -> None:
    with silent() as port:
        path = shell.manifest({"text": "x"})
        hook = f"http://127.0.0.1:{port}/"
        id = shell.told("batch", "submit", "demo/hello", path, "--webhook", hook)["id"]
        shell("batch", "watch", id)
        until(lambda: all(one["attempts"] for one in shell.told("webhooks", "deliveries", id)[-1:]))
        assert shell.told("webhooks", "dead", id) == []
        give_up(shell, id)

        dead = shell.told("webhooks", "dead", id)
        assert {one["state"] for one in dead} == {"exhausted"}
        one = next(one for one in dead if one["type"] == "batch.created")
        assert one["id"] in shell("webhooks", "dead", id).stdout
        told = shell.told("webhooks", "replay", one["id"])
        assert (told["id"], told["event"], told["state"]) == (one["id"], one["event"], "pending")
        until(lambda: len(attempts(shell, one["id"], id)) > len(one["attempts"]))

    give_up(shell, id)
    count = len(shell.told("webhooks", "dead", id))
    assert shell.told("webhooks", "replay", "--missing", "--subject", id) == {"replayed": count}
    assert shell.told("webhooks", "dead", id) == []
    words = ("webhooks", "replay", "--subject", id, "--since", "2h", "--until", "2030-01-31")
    assert "out again" in shell(*words).stdout


def give_up(shell: Shell, subject: str) -> None:
    """Let the last attempt of each of its deliveries have failed: days pass at once."""
    connection = sqlite3.connect(shell.server.data / "penstock.db", timeout=30)
    with connection:
        end = "UPDATE deliveries SET state = 'exhausted', lease_until = NULL WHERE subject = ?"
        connection.execute(end, (subject,))
    connection.close()


def attempts(shell: Shell, id: str, subject: str) -> list[dict[str, Any]]:
    """The log of a delivery."""
    told = shell.told("webhooks", "deliveries", subject)
    log: list[dict[str, Any]] = next(one["attempts"] for one in told if one["id"] == id)
    return log


@pytest.mark.parametrize("words", [[], ["dlv_1", "--missing"], ["--until", "2030-01-31"]])
def test_a_replay_says_which(shell: Shell, words: list[str]) -> None:
    done = shell("webhooks", "replay", *words)
    assert done.exit_code != 0
    assert "--since" in done.stderr or "since" in done.stderr


# --- what goes wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "status", "problem"),
    [
        (("models", "me/none"), 6, {"code": "not_found"}),
        (("models", "nothing"), 2, {}),
        (("batch", "show"), 2, {}),
        (("batch", "list", "--nonsense"), 2, {}),
        (("predict", "demo/hello", "-i", "txt=x"), 2, {"field": "input.text"}),
    ],
)
def test_an_error_is_json_where_json_is_asked_for(
    shell: Shell, words: tuple[str, ...], status: int, problem: dict[str, str]
) -> None:
    plain, done = shell(*words), shell(*words, "--json")
    assert (plain.exit_code, plain.stdout) == (status, "")
    assert (done.exit_code, done.stderr) == (status, plain.stderr)
    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert told.keys() == {"error", "exit_code"}
    assert told["exit_code"] == status
    assert f"Error: {told['error']['message']}\n" in plain.stderr
    assert problem.items() <= told["error"].items()


def test_what_was_told_is_all_the_json_there_is(shell: Shell) -> None:
    done = shell("predict", "demo/chaos-monkey", "-i", "do=fail", "--json")
    assert done.exit_code == 1
    assert "the prediction failed" in done.stderr
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["status"] == "failed"


@pytest.mark.parametrize(
    ("words", "code", "way_out"),
    [
        (["batch", "show", "batch_00"], 6, "penstock batch list"),
        (["batch", "results", "batch_00"], 6, "penstock batch list"),
        (["webhooks", "replay", "dlv_00"], 6, "penstock webhooks deliveries"),
        (["webhooks", "replay", "--since", "soon"], 2, "2030-01-31T12:00:00Z"),
        (["batch", "submit", "demo/nothing", __file__], 6, "penstock models"),
        (["models", "demo/nothing"], 6, "penstock models"),
        (["versions", "demo/hello", "00"], 6, "penstock versions"),
        (["predict", "demo/nothing"], 6, "penstock models"),
        (["predict", "demo/hello"], 2, "input.text is required"),
        (["predict", "demo/hello", "-i", "text"], 2, "NAME=VALUE"),
        (["predict", "demo/hello", "-i", "text=@/no/file"], 2, "no file"),
        (["batch", "submit", "demo/hello", "/no/file"], 2, "no file"),
        (["batch", "submit", "demo/hello", __file__, "--metadata", "x"], 2, "NAME=VALUE"),
        (["batch", "submit", "demo/hello", __file__, "--window", "x"], 2, "completion_window"),
        (["batch", "retry-failed", "batch_00"], 6, "penstock batch list"),
        (["rollback", "demo/hello"], 7, "`penstock promote demo/hello DIGEST` goes forward again"),
        (
            ["promote", "demo/hello", "0123456789"],
            6,
            "begins with 0123456789; the newest",
        ),
        (["predict", "demo/hello:0123456789"], 6, "begins with 0123456789; the newest are: "),
        (["promote", "demo/hello", "live"], 2, "digest"),
        (["promote", "hello", "live"], 2, "owner/name"),
        (["push", str(Path(__file__).parent), "demo/x"], 2, "cog.yaml"),
        (["nothing"], 2, "No such command"),
        (["batch", "list", "--limit", "0"], 2, "limit"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_an_error_has_a_way_out_and_its_own_exit_code(
    shell: Shell, words: list[str], code: int, way_out: str
) -> None:
    done = shell(*words)

    assert (done.exit_code, way_out in done.stderr) == (code, True), done.output
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("env", "way_out"),
    [
        ({"PENSTOCK_URL": "http://127.0.0.1:9"}, "penstock up"),
        ({"PENSTOCK_URL": "not an address"}, "PENSTOCK_URL"),
        ({"PENSTOCK_URL": "http://[::1"}, "PENSTOCK_URL"),
        ({"PENSTOCK_URL": "127.0.0.1:9"}, "PENSTOCK_URL must begin with http://"),
        ({"PENSTOCK_DATA": "/no/folder"}, "PENSTOCK_TOKEN"),
        ({"PENSTOCK_TOKEN": "pst_wrong"}, "PENSTOCK_TOKEN"),
        ({"PENSTOCK_TOKEN": "t\u00f6ken"}, "PENSTOCK_TOKEN"),
    ],
)
def test_a_server_that_cannot_be_asked_is_exit_code_2(
    shell: Shell, env: dict[str, str], way_out: str
) -> None:
    shell.env |= env

    done = shell("batch", "list")

    assert done.exit_code == 2, done.output
    assert way_out in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("what", ["port", "data", "file", "host", "setting", "database"])
def test_up_says_in_a_line_why_it_cannot_start(server: Penstock, tmp_path: Path, what: str) -> None:
    file = tmp_path / "file"
    file.touch()
    options = {
        "port": ["--data", str(tmp_path / "d"), "--port", str(server.port)],
        "data": ["--data", str(server.data)],
        "file": ["--data", str(file)],
        "host": ["--data", str(tmp_path / "d"), "--host", "192.0.2.1"],
        "setting": ["--data", str(tmp_path / "d")],
        "database": ["--data", str(tmp_path / "d")],
    }[what]
    environment = dict(server.environment)
    if what == "setting":
        environment["PENSTOCK_THREADS"] = "many"
    if what == "database":
        environment["PENSTOCK_DATABASE_URL"] = "postgresql+psycopg://u:secret@127.0.0.1:9/x"

    done = subprocess.run(
        [BIN / "penstock", "up", *options],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    expected = {
        "port": "choose another --port",
        "data": "name another folder with --data",
        "file": str(file),
        "host": "--host",
        "setting": "PENSTOCK_THREADS",
        "database": "PENSTOCK_DATABASE_URL",
    }
    assert expected[what] in done.stderr


def test_up_tells_prometheus_all_there_is(server: Penstock) -> None:
    port = server.environment["PENSTOCK_METRICS_PORT"]
    told = server.http.get(f"http://127.0.0.1:{port}/metrics").text
    assert 'penstock_process{role="up"' in told
    assert 'penstock_work_seconds_count{outcome="ok",work="prepare"}' in told
    assert 'penstock_part_up{part="database"} 1.0' in told
    assert "penstock_broker_rings" not in told, "the broker is this process"


def test_up_says_where_it_listens(server: Penstock) -> None:
    said = Path(server.log.name).read_text()

    assert f"penstock listens on 127.0.0.1:{server.port}" in said
    assert f"its token is in {server.data / 'token'}" in said
    assert "WARNING" not in said


def test_commands_in_its_folder_find_the_server_at_any_port(shell: Shell) -> None:
    shell.env["PENSTOCK_URL"] = None

    assert "demo/hello" in shell("models").stdout
    assert "demo/hello:" in shell("push", str(ROOT / "examples/models/hello"), "demo/hello").stdout
    shell.env["PENSTOCK_TOKEN"] = "another-servers"
    assert "http://127.0.0.1:8471" in shell("models").stderr


def test_a_name_that_another_owner_has_is_told_to_whom_pushes(
    shell: Shell, server: Penstock
) -> None:
    shell.env["PENSTOCK_TOKEN"] = shell("token", "create", "bob", "--owner", "bob").stdout.strip()

    done = shell("push", str(ROOT / "examples/models/hello"), "demo/hello")

    assert done.exit_code == 7
    assert "demo/hello belongs to another owner of this server; take another name" in done.stderr


# --- completion, uploads ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(kind: str) -> None:
    done = CliRunner().invoke(main, ["completion", kind])

    assert done.exit_code == 0
    assert "_PENSTOCK_COMPLETE" in done.stdout
    if kind == "bash":
        checked = subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=False)
        assert checked.returncode == 0


def test_the_shell_is_told_what_may_follow(server: Penstock) -> None:
    asked = {
        "_PENSTOCK_COMPLETE": "bash_complete",
        "COMP_WORDS": "penstock batch ",
        "COMP_CWORD": "2",
    }

    done = subprocess.run(
        [BIN / "penstock"],
        env=server.environment | asked,
        capture_output=True,
        text=True,
        check=True,
    )

    words = {line.partition(",")[2] for line in done.stdout.splitlines()}
    assert {"submit", "list", "show", "watch", "cancel", "retry-failed", "results"} <= words


def test_a_long_upload_is_not_read_into_memory(server: Penstock, tmp_path: Path) -> None:
    size = 192 * 2**20
    long = tmp_path / "long.bin"
    with long.open("wb") as file:
        file.truncate(size)
    code = (
        "import re, sys; from jobs.cli.transfer import upload; print(upload(sys.argv[1]));"
        "print(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(long)],
        env=server.environment, capture_output=True, text=True, timeout=100, check=True,
    )  # fmt: skip

    id, peak_kb = done.stdout.split()
    assert server.call("GET", f"/v1/files/{id}")["size"] == size
    assert int(peak_kb) * 1024 < size / 2
    server.call("DELETE", f"/v1/files/{id}")
