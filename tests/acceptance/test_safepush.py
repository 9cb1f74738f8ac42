"""The gate as people and CI run it: the real command, a real server, real models."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from safepush.version import read_bundle
from tests.servers.penstock import BIN, ROOT, Penstock, free_port, until

EXAMPLES = ROOT / "examples" / "models"
GREETER = """
import os, time
from cog import BasePredictor, Input

class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Whom to greet."),
        until: str = Input(description="A file to wait for.", default=""),
    ) -> str:
        while until and not os.path.exists(until):
            time.sleep(0.02)
        return "hello " + text
"""


@dataclass
class Outcome:
    """How one run of the command ended."""

    status: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """What it said as JSON."""
        report: dict[str, Any] = json.loads(self.out)
        return report

    @property
    def reasons(self) -> dict[str, list[str]]:
        """The reasons of the checks that failed, by check."""
        checks = self.report["checks"]
        return {one["name"]: one["reasons"] for one in checks if one["verdict"] == "failed"}


class Run:
    """`safepush` as a process of its own."""

    def __init__(self, server: Penstock, words: Sequence[object], **environment: str) -> None:
        self._process = subprocess.Popen(
            [BIN / "safepush", *map(str, words)],
            env=server.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ended(self) -> Outcome:
        """How it ended."""
        out, err = self._process.communicate(timeout=250)
        return Outcome(self._process.returncode, out, err)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    penstock = Penstock(tmp_path_factory.mktemp("safepush"))
    penstock.start()
    yield penstock
    penstock.stop()


@pytest.fixture
def model(request: pytest.FixtureRequest) -> str:
    """A name that no other test uses."""
    return "gate/" + request.node.originalname.removeprefix("test_").replace("_", "-")[:60].strip(
        "-"
    )


def greeter(folder: Path, model: str, *changes: tuple[str, str], cases: str = "") -> Path:
    """A model folder that greets, with text replaced in its source."""
    source = GREETER
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    folder.mkdir()
    (folder / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    (folder / "predict.py").write_text(source)
    expected = cases or "    - inputs: {text: you}\n      exact_string: hello you\n"
    (folder / "safepush.yaml").write_text(
        f"model: {model}\npredict:\n  test_cases:\n{expected}fuzz: false\n"
    )
    return folder


def safepush(server: Penstock, *words: object, **environment: str) -> Outcome:
    return Run(server, words, **environment).ended()


def aliases(server: Penstock, model: str) -> dict[str, Any]:
    named: dict[str, Any] = server.call("GET", f"/v1/models/{model}")["aliases"]
    return named


def predicting(server: Penstock, version: str) -> bool:
    """Whether a prediction of a version is running."""
    told = server.call("GET", "/v1/predictions")["results"]
    return any(one["version"] == version and one["status"] == "processing" for one in told)


def pushed(server: Penstock, folder: Path, model: str) -> str:
    """The digest of a folder pushed past the gate."""
    done = server.cli("push", str(folder), model, "--json")
    assert done.returncode == 0, done.stderr
    digest: str = json.loads(done.stdout)["id"]
    return digest


# With the real model


@pytest.mark.slow
def test_digits_go_live_are_held_back_and_step_back(server: Penstock, tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    shutil.copytree(EXAMPLES / "digits", folder)
    source = (folder / "predict.py").read_text()
    config = (folder / "safepush.yaml").read_text()
    cases, _, fuzz = config.partition("fuzz:")
    assert "budget: 24" in fuzz
    # the benchmark of the gate runs the whole of it
    less = fuzz.replace("budget: 24", "budget: 8\n  fixed_inputs: {steps: 2}")
    (folder / "safepush.yaml").write_text(f"{cases}fuzz:{less}")

    good = safepush(server, folder, "--json")
    assert good.status == 0, good.out + good.err
    first = good.report["version"]
    assert aliases(server, "demo/digits") == {"live": first, "staging": first}

    # from here on it draws what the first one draws, and that was fuzzed
    (folder / "safepush.yaml").write_text(f"{cases}fuzz: false\n")
    (folder / "predict.py").write_text(source.replace('    "LCM": LCMScheduler,\n', ""))
    bad = safepush(server, folder, "--json")
    assert bad.status == 1, bad.out + bad.err
    assert list(bad.reasons) == ["compatibility", "cases"]
    assert "input-choice-removed at input.scheduler" in bad.reasons["compatibility"][0]
    assert len(bad.reasons["cases"]) == 1
    assert "predict.test_cases[4]" in bad.reasons["cases"][0]
    assert aliases(server, "demo/digits") == {"live": first, "staging": bad.report["version"]}

    (folder / "predict.py").write_text(source + "\n# says the same in other words\n")
    better = safepush(server, folder, "--json")
    assert better.status == 0, better.out + better.err
    assert aliases(server, "demo/digits")["live"] == better.report["version"] != first

    back = server.cli("rollback", "demo/digits")
    assert back.returncode == 0, back.stderr
    assert aliases(server, "demo/digits")["live"] == first


# Verdicts


def test_a_version_whose_case_fails_is_held_back(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    live = safepush(server, greeter(tmp_path / "a", model), "--json").report["version"]

    bad = safepush(server, greeter(tmp_path / "b", model, ('"hello "', '"hallo "')), "--json")

    assert bad.status == 1
    assert "at character 2: 'allo you' instead of 'ello you'" in bad.reasons["cases"][0]
    assert bad.report["promoted"] is False
    assert aliases(server, model) == {"live": live, "staging": bad.report["version"]}


def test_a_version_without_descriptions_is_held_back(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    change = ('Input(description="A file to wait for.", default="")', '""')

    bad = safepush(server, greeter(tmp_path / "a", model, change))

    assert bad.status == 1
    assert "lint-description-missing at input.until: no description" in bad.out
    assert "live was not touched" in bad.out
    assert aliases(server, model)["live"] is None


def test_a_version_that_does_not_load_is_held_back_with_what_it_printed(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    change = ("import os, time", 'import os, time\nprint("looking for weights")\nimport nowhere')

    bad = safepush(server, greeter(tmp_path / "a", model, change), "--json")

    assert bad.status == 1
    assert list(bad.reasons) == ["setup"]
    assert "No module named 'nowhere'" in bad.reasons["setup"][0]
    assert "looking for weights" in bad.reasons["setup"]
    assert aliases(server, model) == {"live": None, "staging": None}


def test_a_version_that_breaks_its_callers_is_held_back_until_that_is_accepted(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    live = safepush(server, greeter(tmp_path / "a", model), "--json").report["version"]
    changes = [
        ('        until: str = Input(description="A file to wait for.", default=""),\n', ""),
        ("        while until and not os.path.exists(until):\n", ""),
        ("            time.sleep(0.02)\n", ""),
        ('description="Whom to greet.")', 'description="Whom to greet.", max_length=9)'),
    ]
    folder = greeter(tmp_path / "b", model, *changes)

    broken = safepush(server, folder, "--json")

    assert broken.status == 1, broken.out + broken.err
    assert list(broken.reasons) == ["compatibility"]
    (check,) = (one for one in broken.report["checks"] if one["name"] == "compatibility")
    found = {one["finding"]: one.get("example") for one in check["findings"]}
    assert found == {
        "input-length-narrowed at input.text: no maxLength -> maxLength 9": {"text": "a" * 10},
        "input-removed at input.until: string -> nothing": {"text": "a", "until": ""},
    }
    assert aliases(server, model)["live"] == live

    with (folder / "safepush.yaml").open("a") as file:
        file.write("compatibility:\n  accept:\n")
        file.writelines(f'    - {{finding: "{one}", reason: agreed}}\n' for one in found)
    accepted = safepush(server, folder)

    assert accepted.status == 0, accepted.out + accepted.err
    assert "accepted input-removed at input.until" in accepted.out
    assert "held and is live" in accepted.out


PAINTER = """
import tempfile
from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

class Predictor(BasePredictor):
    def predict(self, seed: int = Input(description="Which shade.", default=1)) -> Path:
        picture = Image.new("RGB", (64, 64), (seed * 40 % 256, 120, 90))
        draw = ImageDraw.Draw(picture)
        draw.ellipse((8, 8, 56, 56), fill=(200, 30, 30))
        painted = Path(tempfile.mkdtemp()) / "painted.png"
        picture.save(painted)
        return painted
"""


def test_a_picture_with_a_damaged_corner_is_held_back(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    folder = tmp_path / "painter"
    folder.mkdir()
    (folder / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    cases = "{compare_outputs: true, test_cases: [{inputs: {}}, {inputs: {seed: 4}}]}"
    (folder / "safepush.yaml").write_text(f"model: {model}\nfuzz: false\npredict: {cases}\n")
    draw = "        draw.ellipse"
    changes = [
        PAINTER,
        PAINTER.replace("fill=(200, 30, 30)", "fill=(202, 31, 30)"),
        PAINTER.replace(draw, f"        draw.rectangle((0, 0, 7, 7), fill=0)\n{draw}"),
    ]
    runs = []
    for source in changes:
        (folder / "predict.py").write_text(source)
        runs.append(safepush(server, folder, "--json", "--artifacts", tmp_path / "kept"))

    first, near, damaged = runs
    assert (first.status, near.status, damaged.status) == (0, 0, 1), runs
    assert list(damaged.reasons) == ["parity"]
    assert "the 8 x 8 block at x 0, y 0 differs by" in damaged.reasons["parity"][0]
    kept = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert kept == ["parity-0-0.png", "parity-1-0.png"]
    assert aliases(server, model)["live"] == near.report["version"]


# No verdict


def test_everything_wrong_with_the_configuration_is_told_at_once(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    folder = greeter(tmp_path / "a", model, cases="    - input: {}\n      exact_string: 7\n")
    with (folder / "safepush.yaml").open("a") as file:
        file.write("fuss: {}\nsetup_timeout: soon\n")
    source = folder / "safepush.yaml"

    told = safepush(server, folder)

    assert told.status == 2
    lines = told.err.removeprefix("safepush: ").splitlines()
    assert [line.partition(" ")[0] for line in lines] == [
        f"{source}:{line}:" for line in (4, 4, 5, 7, 8)
    ]
    assert "did you mean `inputs`" in told.err


def test_misuse_is_no_verdict(server: Penstock, model: str, tmp_path: Path) -> None:
    folder = greeter(tmp_path / "a", model)
    elsewhere = tmp_path / "empty"
    elsewhere.mkdir()

    assert safepush(server, folder, "--nope").status == 2
    assert safepush(server, elsewhere, "--model", model).status == 2
    assert safepush(server, folder, "--config", folder / "none.yaml").status == 2
    refused = safepush(server, folder, PENSTOCK_TOKEN="pst_not-a-token")
    assert refused.status == 2
    assert "set PENSTOCK_TOKEN to a token of this server" in refused.err


def test_a_server_that_is_away_is_no_verdict(server: Penstock, model: str, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    away = safepush(server, greeter(tmp_path / "a", model), PENSTOCK_URL=url)

    assert away.status == 3
    assert f"no answer from {url}" in away.err


# Someone else at the same time


def test_what_passed_is_promoted_whatever_staging_names_by_then(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    safepush(server, greeter(tmp_path / "live", model))
    flag = tmp_path / "go"
    case = f"    - inputs: {{text: you, until: {flag}}}\n      exact_string: hello you\n"
    run = Run(server, [greeter(tmp_path / "a", model, cases=case), "--json"])
    mine = until(lambda: staged_anew(server, model))
    until(lambda: predicting(server, mine))

    theirs = pushed(server, greeter(tmp_path / "b", model, ('"hello "', '"hallo "')), model)
    assert aliases(server, model)["staging"] == theirs
    flag.touch()
    outcome = run.ended()

    assert outcome.status == 0, outcome.out + outcome.err
    assert outcome.report["version"] == mine != theirs
    assert aliases(server, model) == {"live": mine, "staging": theirs}


def staged_anew(server: Penstock, model: str) -> str | None:
    """What staging names once that is not what is live."""
    named = aliases(server, model)
    return named["staging"] if named["staging"] != named["live"] else None


def test_a_version_judged_beside_another_live_one_is_not_promoted(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    safepush(server, greeter(tmp_path / "live", model))
    flag = tmp_path / "go"
    case = f"    - inputs: {{text: you, until: {flag}}}\n"
    run = Run(server, [greeter(tmp_path / "a", model, cases=case)])
    mine = until(lambda: staged_anew(server, model))
    until(lambda: predicting(server, mine))

    theirs = pushed(server, greeter(tmp_path / "b", model, ('"hello "', '"hi "')), model)
    assert server.cli("promote", model, theirs).returncode == 0
    flag.touch()
    outcome = run.ended()

    assert outcome.status == 3
    assert "Run safepush again" in outcome.err
    assert aliases(server, model)["live"] == theirs


def test_two_runs_at_once_judge_their_own_versions(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    flag = tmp_path / "go"
    folders = []
    for word in ("hello", "hallo"):
        case = f'    - inputs: {{text: you, until: {flag}}}\n      exact_string: "{word} you"\n'
        change = ('"hello "', f'"{word} "')
        folders.append(greeter(tmp_path / word, model, change, cases=case))

    runs = [Run(server, [folder, "--json"]) for folder in folders]
    versions = [read_bundle(folder).id for folder in folders]
    until(lambda: all(predicting(server, version) for version in versions))
    flag.touch()
    first, second = sorted((run.ended() for run in runs), key=lambda outcome: outcome.status)

    # each case expects its own version's words, so a mix would be a failed case: status 1
    assert (first.status, second.status) == (0, 3), (first, second)
    assert second.report["error"]["code"] == "live_moved"
    assert aliases(server, model)["live"] == first.report["version"]


# What stands before callers


def test_a_deployment_that_is_named_gets_what_went_live_and_goes_back_with_it(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    old = pushed(server, greeter(tmp_path / "old", model), model)
    name = model.partition("/")[2]
    asked = {"name": name, "model": model, "version": old, "min_instances": 0, "max_instances": 1}
    owner = server.call("POST", "/v1/deployments", json=asked)["owner"]
    case = "    - inputs: {text: you}\n      exact_string: hej you\n"
    folder = greeter(tmp_path / "new", model, ('"hello "', '"hej "'), cases=case)
    configuration = folder / "safepush.yaml"
    plain = configuration.read_text()

    configuration.write_text(f"{plain}deployment: {{owner: {owner}, name: {name}}}\n")
    report = safepush(server, folder, "--json").report
    release = server.call("GET", f"/v1/deployments/{owner}/{name}")["current_release"]
    back = safepush(server, "rollback", folder)
    after = server.call("GET", f"/v1/deployments/{owner}/{name}")["current_release"]
    configuration.write_text(f"{plain}deployment: {{owner: {owner}, name: nothing}}\n")
    missing = safepush(server, folder, "--json").report

    assert (release["number"], release["version"]) == (2, report["version"])
    assert (after["number"], after["version"]) == (3, old)
    assert f"the deployment {owner}/{name} has version {old[:12]}" in back.out
    assert any(f"deployment {owner}/{name} has version" in note for note in report["notes"])
    assert any("penstock deployments create" in note for note in missing["notes"])


# One step back


def test_one_step_back_by_either_command(server: Penstock, model: str, tmp_path: Path) -> None:
    folders = []
    for word in ("hello", "hallo", "hej"):
        case = f"    - inputs: {{text: you}}\n      exact_string: {word} you\n"
        folders.append(
            greeter(tmp_path / word, model, ('"hello "', f'"{word} "'), cases=case),
        )
    first, second, third = (
        safepush(server, folder, "--json").report["version"] for folder in folders
    )

    back = safepush(server, "rollback", folders[0])
    further = server.cli("rollback", model)
    refused = safepush(server, "rollback", "--model", model)

    assert back.status == 0
    assert back.out == f"{model}: live is {second} (was {third})\n"
    assert further.returncode == 0
    assert first in further.stdout
    assert refused.status == 2
    assert "no earlier version to go back to" in refused.err
    history = server.call("GET", f"/v1/models/{model}/aliases/live/history")["results"]
    assert [one["version"] for one in history] == [first, second, third, second, first]


def test_a_first_model_holds_as_it_is_written(server: Penstock, model: str, tmp_path: Path) -> None:
    assert server.cli("init", str(tmp_path)).returncode == 0
    with (tmp_path / "safepush.yaml").open("a") as file:
        file.write("fuzz: false\n")

    outcome = safepush(server, tmp_path, "--model", model)

    assert outcome.status == 0, outcome.out + outcome.err
    assert aliases(server, model)["live"] == read_bundle(tmp_path).id


def test_the_command_runs_where_the_token_file_is_or_with_a_token(
    server: Penstock, model: str, tmp_path: Path
) -> None:
    folder = greeter(tmp_path / "a", model)
    token = (server.data / "token").read_text().strip()
    elsewhere = {"PENSTOCK_DATA": os.fspath(tmp_path / "none"), "PENSTOCK_TOKEN": token}

    with (folder / "cog.yaml").open("a") as file:
        file.write("build:\n  run: [apt-get install -y sl]\n")

    outcome = safepush(server, folder, **elsewhere)

    assert outcome.status == 0, outcome.out + outcome.err
    assert "warning: cog.yaml: build: run is not done" in outcome.out
