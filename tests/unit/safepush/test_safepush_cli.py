"""The command from end to end against the stand-in: verdicts, exit statuses, what went live."""

import json
from importlib.metadata import version as release
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Response

from safepush import cli, commands
from safepush.fuzz.found import Found, save
from safepush.version import read_bundle


@pytest.fixture
def environ(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_URL", server.url)
    monkeypatch.setenv("PENSTOCK_TOKEN", "t0ken")


def safepush(*args: object) -> Result:
    return CliRunner().invoke(commands.command, [str(arg) for arg in args])


pytestmark = pytest.mark.usefixtures("environ")


def test_a_version_that_holds_goes_live(server: Any, folder: Path) -> None:
    result = safepush(folder)

    digest = read_bundle(folder).id
    assert result.exit_code == 0, result.output
    assert server.aliases == {"live": digest, "staging": digest}
    assert f"me/hello:{digest[:12]} held and is live (before: nothing)" in result.stdout


def test_a_version_whose_case_fails_does_not(server: Any, folder: Path) -> None:
    server.prediction = {"status": "succeeded", "output": "hello [red]me"}

    result = safepush(folder)

    assert result.exit_code == 1
    assert server.aliases["live"] is None
    assert "character 7: '[red]me' instead of 'you'" in result.stdout
    assert "did not hold; live was not touched" in result.stdout


def test_a_version_that_does_not_load_reaches_no_alias(server: Any, folder: Path) -> None:
    server.states = ["failed"]

    result = safepush(folder)

    assert result.exit_code == 1
    assert server.aliases == {"live": None, "staging": None}
    assert "the version is failed: ValueError: no weights" in result.stdout


def test_live_that_moved_meanwhile_is_left_alone(server: Any, folder: Path) -> None:
    server.moved_during_checks = "b" * 64

    result = safepush(folder)

    assert result.exit_code == 3
    assert server.aliases["live"] == "b" * 64
    assert "live is no longer unset" in result.stderr


def test_pushing_what_is_live_moves_nothing(server: Any, folder: Path) -> None:
    safepush(folder)
    server.requests.clear()

    result = safepush(folder)

    assert result.exit_code == 0
    assert not [each for each in server.requests if each.endswith("aliases/live")]
    assert "held; it was live already" in result.stdout


def test_the_same_folder_promoted_by_someone_else_meanwhile_is_no_conflict(
    server: Any, folder: Path
) -> None:
    server.moved_during_checks = read_bundle(folder).id

    result = safepush(folder)

    assert result.exit_code == 0, result.stderr
    assert "held and is live" in result.stdout


def test_one_step_back(server: Any, folder: Path) -> None:
    server.history = ["a" * 64, "b" * 64]

    result = safepush("rollback", folder)

    assert result.exit_code == 0
    assert server.aliases["live"] == "a" * 64
    assert result.stdout == f"me/hello: live is {'a' * 64} (was {'b' * 64})\n"
    assert f"go forward again: penstock promote me/hello {'b' * 12}" in result.stderr


def test_one_step_back_as_json(server: Any, tmp_path: Path) -> None:
    server.history = ["a" * 64, "b" * 64]

    result = safepush("rollback", tmp_path, "--model", "me/other", "--json")

    told = json.loads(result.stdout)
    assert told == {"model": "me/other", "live": "a" * 64, "live_before": "b" * 64}


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ("b", f"has version {'a' * 12}"),
        ("a", f"has version {'a' * 12} already"),
        ("c", f"has version {'c' * 12}, which was not live; it was left as it is"),
        (None, "is not there"),
    ],
)
def test_a_step_back_takes_the_deployment_along(
    server: Any, folder: Path, held: str | None, told: str
) -> None:
    server.history, server.deployed = ["a" * 64, "b" * 64], held and held * 64
    with (folder / "safepush.yaml").open("a") as file:
        file.write("\ndeployment: {owner: us, name: greeter}\n")

    result = safepush("rollback", folder)

    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == [f"the deployment us/greeter {told}"]
    assert server.aliases["live"] == "a" * 64


def test_a_deployment_that_cannot_go_along_is_told_with_the_way_out(
    server: Any, folder: Path
) -> None:
    server.history, server.deployed = ["a" * 64, "b" * 64], "b" * 64
    server.faults["PATCH /v1/deployments"] = Response("", 403)
    with (folder / "safepush.yaml").open("a") as file:
        file.write("\ndeployment: {owner: us, name: greeter}\n")

    result = safepush("rollback", folder)

    assert result.exit_code == 3
    assert f"live is {'a' * 64}" in result.stdout
    assert f"penstock deployments update greeter --version me/hello:{'a' * 64}" in result.stderr


def test_a_step_back_that_leads_nowhere_is_refused(server: Any, folder: Path) -> None:
    result = safepush("rollback", folder)

    assert result.exit_code == 2
    assert result.stderr.startswith("safepush: live has no earlier version to go back to; live was")
    assert "`penstock promote me/hello DIGEST` goes forward again" in result.stderr


def test_help_and_the_release_are_told_as_by_penstock() -> None:
    whole, short, version = safepush("--help"), safepush("-h"), safepush("--version")

    assert short.stdout == whole.stdout
    assert "rollback" in short.stdout
    assert "--skip" in safepush("push", "-h").stdout
    assert (version.exit_code, version.stdout) == (0, f"safepush, version {release('penstock')}\n")


def test_what_is_not_there_is_said_with_the_way_out(folder: Path, tmp_path: Path) -> None:
    (folder / "safepush.yaml").unlink()
    (tmp_path / "bare").mkdir()

    missing, bare = safepush(tmp_path / "nofolder"), safepush(tmp_path / "bare")
    model, begun = safepush(folder), safepush("init", tmp_path / "nofolder")

    for result in (missing, begun):
        assert result.exit_code == 2
        assert result.stderr == f"safepush: {tmp_path}/nofolder: there is no such folder\n"
    assert bare.stderr.endswith(
        "bare/safepush.yaml: there is no such file; name one with --config\n"
    )
    assert f"`safepush init {folder}` writes one, --config names another" in model.stderr


def test_the_beginning_of_a_digest_will_do_for_a_finding(
    server: Any, folder: Path, tmp_path: Path
) -> None:
    made = Found(rule="fuzz-crash", cause="x", detail="x", inputs={"text": "a"}, names=["text"])
    file = save(made, folder, model="me/hello", version="c" * 64, seed=1)
    server.models.add("me/hello")
    server.states = ["ready"]
    server.built = ["a" * 64, "b" * 64, "b" * 10 + "c" * 54]
    server.page = 1

    def replay(beginning: str) -> Result:
        return safepush("replay", file, "--version", beginning)

    assert f"with {'b' * 10}cc" in replay("b" * 10 + "c").stdout
    several, none = replay("b" * 8), replay("d" * 12)
    assert (several.exit_code, none.exit_code) == (2, 2)
    listed = f"{'b' * 16}, {'b' * 10}{'c' * 6}"
    assert f"several versions begin with bbbbbbbb; me/hello has, the newest first: {listed}" in (
        several.stderr
    )
    assert f"no version begins with dddddddddddd; me/hello has, the newest first: {'a' * 16}, " in (
        none.stderr
    )


def test_a_model_by_name_needs_no_configuration(server: Any, folder: Path) -> None:
    (folder / "safepush.yaml").unlink()

    result = safepush(folder, "--model", "me/other", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["model"] == "me/other"
    assert server.models == {"me/other"}


def test_a_model_by_name_is_checked_like_one_in_the_file(folder: Path) -> None:
    result = safepush(folder, "--model", "Me")

    assert result.exit_code == 2
    assert "--model: must be owner/name" in result.stderr


def test_a_model_by_name_does_not_hide_what_is_wrong_in_the_file(folder: Path) -> None:
    (folder / "safepush.yaml").write_text("model: me/hello\nfuss: 1\n")

    result = safepush(folder, "--model", "me/other")

    assert result.exit_code == 2
    assert "safepush.yaml:2: fuss: unknown key" in result.stderr


@pytest.mark.parametrize("how", ["flag", "config"])
def test_promotion_can_be_switched_off(server: Any, folder: Path, how: str) -> None:
    if how == "config":
        with (folder / "safepush.yaml").open("a") as stream:
            stream.write("promote: false\n")

    result = safepush(folder, *(["--no-promote"] if how == "flag" else []))

    assert result.exit_code == 0
    assert server.aliases["live"] is None
    assert "not promoted, as asked" in result.stdout


def test_json_is_all_that_is_printed(server: Any, folder: Path) -> None:
    server.schema = {"components": {"schemas": {"Input": {"properties": {"text": {}}}}}}

    result = safepush(folder, "--json")

    report = json.loads(result.stdout)
    verdicts = {each["name"]: each["verdict"] for each in report["checks"]}
    assert verdicts == {
        "setup": "passed",
        "lint": "failed",
        "compatibility": "skipped",
        "cases": "passed",
        "parity": "skipped",
        "fuzz": "skipped",
    }
    assert report["checks"][1]["findings"][0]["rule"] == "lint-description-missing"
    assert (report["held"], report["promoted"], report["exit_code"]) == (False, False, 1)
    assert report["version"] == read_bundle(folder).id


def test_an_error_is_json_too(server: Any, folder: Path) -> None:
    server.faults["/v1/models"] = Response("{}", 401)

    result = safepush(folder, "--json")

    report = json.loads(result.stdout)
    assert result.exit_code == report["exit_code"] == 2
    assert report["error"]["code"] == "not_allowed"


def test_what_could_not_run_says_so(folder: Path, tmp_path: Path) -> None:
    assert safepush(folder, "--config", tmp_path / "none.yaml").exit_code == 2
    assert safepush(tmp_path).exit_code == 2
    assert safepush("--nope").exit_code == 2


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (RuntimeError("bug"), 3),
        (OSError(28, "No space left on device"), 3),
        (SystemExit(1), 3),
        (KeyboardInterrupt(), 130),
        (None, 0),
    ],
)
def test_a_bug_is_never_a_verdict(
    monkeypatch: pytest.MonkeyPatch, fault: BaseException | None, code: int
) -> None:
    def run(**_: object) -> int:
        if fault is not None:
            raise fault
        return 0

    monkeypatch.setattr(commands.command, "main", run)

    assert cli.main() == code


def test_the_exit_status_leaves_the_process(
    server: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.prediction = {"status": "failed", "error": "no"}
    monkeypatch.setattr("sys.argv", ["safepush", str(folder)])

    assert cli.main() == 1


def test_another_conflict_is_told_in_the_servers_words(server: Any, folder: Path) -> None:
    refused = Response('{"detail": "version is retired"}', 409)
    server.faults["PUT /v1/models/me/hello/aliases/live"] = refused

    result = safepush(folder)

    assert result.exit_code == 2
    assert "409 version is retired" in result.stderr
