"""The GitHub Action's own steps in a bare shell, against a real server in another process."""

import io
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image, ImageDraw

from tests.servers.penstock import BIN, ROOT, Penstock, until

ACTION = ROOT / "infra" / "github-action" / "action.yml"
#: set it to install what the action installs in a fresh environment, as on a runner
FRESH = "PENSTOCK_ACTION_FRESH"

PAINTER = """
import os, time
from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

class Predictor(BasePredictor):
    def predict(
        self,
        seed: int = Input(description="Which shade.", default=1),
        until: str = Input(description="A file to wait for.", default=""),
    ) -> Path:
        while until and not os.path.exists(until):
            time.sleep(0.02)
        picture = Image.new("RGB", (64, 64), (seed * 40 % 256, 120, 90))
        ImageDraw.Draw(picture).ellipse((8, 8, 56, 56), fill=(200, 30, 30))
        picture.save(os.path.join(os.environ["TMPDIR"], "painted.png"))
        return Path(os.environ["TMPDIR"]) / "painted.png"
"""


@dataclass
class Ended:
    """How the steps of one job ended."""

    status: int
    out: str
    err: str
    outputs: dict[str, str]
    summary: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        """The report that is kept with the run."""
        told: dict[str, Any] = json.loads(
            (self.folder / "safepush-artifacts" / "report.json").read_text()
        )
        return told


class Job:
    """One checkout on one runner: only what a runner sets is in its environment."""

    def __init__(self, folder: Path, event: str = "push") -> None:
        self.folder = folder / "checkout"
        self.folder.mkdir(parents=True)
        self._temp = folder / "runner"
        self._temp.mkdir()
        self._files = {name: folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in self._files.values():
            file.touch()
        self._environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_WORKSPACE": str(self.folder),
            **{name: str(file) for name, file in self._files.items()},
        }
        if os.environ.get(FRESH):
            # how this machine reaches a package index
            self._environ |= {k: v for k, v in os.environ.items() if k.startswith("PIP_")}
        else:
            (self._temp / "safepush").symlink_to(BIN.parent)
            # where an environment is shared by several checkouts, this one's code
            told = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
            self._environ |= told

    def start(self, **inputs: str) -> "subprocess.Popen[str]":
        """All steps but the last to their end; the last one under way."""
        *first, last = self._scripts(inputs)
        for script, environ in first:
            subprocess.run(_bash(script), env=environ, cwd=self.folder, check=True, timeout=280)
        script, environ = last
        return subprocess.Popen(
            _bash(script),
            env=environ,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self, process: "subprocess.Popen[str]") -> Ended:
        """What came of it."""
        out, err = process.communicate(timeout=250)
        lines = self._files["GITHUB_OUTPUT"].read_text().splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        summary = self._files["GITHUB_STEP_SUMMARY"].read_text()
        return Ended(process.returncode, out, err, outputs, summary, self.folder)

    def run(self, **inputs: str) -> Ended:
        """All steps to their end."""
        return self.end(self.start(**inputs))

    def _scripts(self, inputs: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
        action = yaml.safe_load(ACTION.read_text())
        told = {name: str(one.get("default", "")) for name, one in action["inputs"].items()}
        told |= {name.replace("_", "-"): text for name, text in inputs.items()}
        known = {f"inputs.{name}": text for name, text in told.items()}
        known |= {"runner.temp": str(self._temp), "github.action_path": str(ACTION.parent)}
        for step in action["runs"]["steps"]:
            if "run" in step and "if" not in step:
                assert step["shell"] == "bash"
                environ = {name: _filled(text, known) for name, text in step["env"].items()}
                # expressions in a script itself would let inputs write shell
                assert "${{" not in step["run"]
                yield step["run"], self._environ | environ


def _filled(text: str, known: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: known[found.group(1)], text)


def _bash(script: str) -> list[str]:
    return ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    penstock = Penstock(tmp_path_factory.mktemp("action"))
    penstock.start()
    yield penstock
    penstock.stop()


def may_only_try(server: Penstock) -> str:
    """One that may not promote, made as the action's inputs tell it."""
    made = server.cli("token", "create", "ci", "--json", "--no-promote")
    assert made.returncode == 0, made.stderr
    text: str = json.loads(made.stdout)["token"]
    return text


def painter(job: Job, model: str, *changes: tuple[str, str], cases: str = "[{inputs: {}}]") -> None:
    """The checkout's content: a model that draws, with text replaced in its source."""
    source = PAINTER
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    (job.folder / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    (job.folder / "predict.py").write_text(source)
    (job.folder / "safepush.yaml").write_text(
        f"model: {model}\npredict:\n  compare_outputs: true\n  test_cases: {cases}\nfuzz: false\n"
    )


def live(server: Penstock, model: str) -> Any:
    return server.call("GET", f"/v1/models/{model}")["aliases"]["live"]


DAMAGE = (
    "        picture.save",
    "        picture.paste(0, (0, 0, 12, 12))\n        picture.save",
)


def test_main_promotes_and_a_pull_request_with_a_damaged_corner_is_shown_it(
    server: Penstock, tmp_path: Path
) -> None:
    model, may = "action/painter", server.token()
    main = Job(tmp_path / "main")
    painter(main, model)

    held = main.run(url=server.url, token=may, promote="true")

    assert held.status == 0, held.out + held.err
    assert held.outputs["verdict"] == "held"
    assert held.outputs["promoted"] == "true"
    assert live(server, model) == held.outputs["version"] == held.report["version"]
    assert "held and is live" in held.summary

    request = Job(tmp_path / "request", "pull_request")
    painter(request, model, DAMAGE)

    bad = request.run(url=server.url, token=may_only_try(server))

    assert bad.status == 1, bad.out + bad.err
    assert bad.outputs["verdict"] == "failed"
    assert live(server, model) == held.outputs["version"]
    assert "::error file=safepush.yaml,line=4,title=safepush parity::" in bad.out
    assert "🟥" in bad.summary
    kept = sorted(path.name for path in (request.folder / "safepush-artifacts").iterdir())
    assert kept == ["junit.xml", "parity-0-0.png", "report.json", "safepush.sarif"]
    picture = (request.folder / "safepush-artifacts" / "parity-0-0.png").read_bytes()
    assert Image.open(io.BytesIO(picture)).width > 3 * 300
    assert (
        may
        not in held.out
        + held.err
        + held.summary
        + (main.folder / "safepush-artifacts" / "report.json").read_text()
    )


@pytest.mark.parametrize(("event", "status"), [("pull_request", 0), ("push", 2)])
def test_a_fork_without_secrets_is_told_that_nothing_was_judged(
    server: Penstock, tmp_path: Path, event: str, status: int
) -> None:
    job = Job(tmp_path, event)
    painter(job, "action/fork")

    told = job.run(url="", token="")

    assert told.status == status, told.out + told.err
    assert told.outputs == {"verdict": "not judged"}
    assert "not judged: there is no token here" in told.summary
    assert "4 predictions at most" in told.out
    if status:
        return  # what ends with an error anyway says nothing of the next
    (job.folder / "safepush.yaml").write_text("model: action/fork\npredikt: {}\n")
    broken = job.run(url="", token="")
    assert broken.status == 2
    assert "did you mean `predict`" in broken.err


def test_a_token_that_may_test_but_not_promote_leaves_live_alone(
    server: Penstock, tmp_path: Path
) -> None:
    model, may_not = "action/tester", may_only_try(server)
    job = Job(tmp_path)
    painter(job, model)

    tested = job.run(url=server.url, token=may_not)
    refused = job.run(url=server.url, token=may_not, promote="true")

    assert tested.status == 0, tested.out + tested.err
    assert refused.status == 2, refused.out + refused.err
    assert "this token may push and test, but not move `live`" in refused.err
    assert refused.outputs["verdict"] == "held"
    assert refused.outputs["promoted"] == "false"
    assert refused.report["error"]["code"] == "not_allowed"
    assert live(server, model) is None


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_job_that_is_canceled_cancels_its_predictions_and_leaves_live_alone(
    server: Penstock, tmp_path: Path, name: str
) -> None:
    model = f"action/canceled-{name.lower()}"
    job = Job(tmp_path)
    never = tmp_path / "never"
    painter(job, model, cases=f'[{{inputs: {{until: "{never}"}}}}]')
    process = job.start(url=server.url, token=server.token(), promote="true")
    mine = until(lambda: _running(server, model), 120)

    process.send_signal(getattr(signal, name))
    ended = job.end(process)

    assert ended.status == 130, ended.out + ended.err
    assert "interrupted; live was not touched" in ended.err
    assert live(server, model) is None
    until(lambda: server.call("GET", f"/v1/predictions/{mine}")["status"] == "canceled", 60)


def _running(server: Penstock, model: str) -> str | None:
    """The id of a prediction of the model that is under way."""
    staged = server.http.get(
        f"{server.url}/v1/models/{model}",
        headers={"Authorization": f"Bearer {(server.data / 'token').read_text().strip()}"},
    )
    version = staged.json()["aliases"]["staging"] if staged.is_success else None
    told = server.call("GET", "/v1/predictions")["results"]
    time.sleep(0.1)
    return next(
        (
            one["id"]
            for one in told
            if version and one["version"] == version and one["status"] == "processing"
        ),
        None,
    )


def test_two_jobs_at_once_judge_and_promote_their_own_versions(
    server: Penstock, tmp_path: Path
) -> None:
    model, may = "action/together", server.token()
    flag = tmp_path / "go"
    jobs, runs = [], []
    for seed in (1, 2):
        job = Job(tmp_path / str(seed))
        cases = f'[{{inputs: {{until: "{flag}"}}, match_file: want.png}}]'
        painter(job, model, ("seed * 40", f"{seed} * 90"), cases=cases)
        want = Image.new("RGB", (64, 64), (seed * 90, 120, 90))
        ImageDraw.Draw(want).ellipse((8, 8, 56, 56), fill=(200, 30, 30))
        want.save(job.folder / "want.png")
        jobs.append(job)
        runs.append(job.start(url=server.url, token=may, promote="true"))
    until(lambda: _at_work(server) >= 2, 120)
    flag.touch()

    ended = sorted((job.end(run) for job, run in zip(jobs, runs, strict=True)), key=_status)

    # each holds only by its own picture: a mix of versions would be a failed case, status 1
    said = "\n\n".join(one.out + one.err for one in ended)
    assert [_status(one) for one in ended] == [0, 3], said
    assert ended[1].report["error"]["code"] == "live_moved"
    assert ended[1].outputs["promoted"] == "false"
    assert live(server, model) == ended[0].outputs["version"] != ended[1].outputs["version"]


def _status(ended: Ended) -> int:
    return ended.status


def _at_work(server: Penstock) -> int:
    told = server.call("GET", "/v1/predictions")["results"]
    return len({one["version"] for one in told if one["status"] == "processing"})
