"""`safepush compat`, and the check of the same name: verdicts, exit statuses, refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from safepush import commands
from safepush.answers import Prediction, Version
from safepush.checks import compatibility
from safepush.checks.base import Runner, Trial, Verdict
from safepush.compat import compare
from safepush.config import Config, load
from safepush.errors import ConfigInvalid
from safepush.findings import Level, Policy
from safepush.lint import lint

FINDING = "input-range-narrowed at input.x: maximum 9 -> maximum 5"


def document(**facts: Any) -> dict[str, Any]:
    inputs = {"x": {"type": "integer", "description": "It.", **facts}}
    schemas = {"Input": {"properties": inputs}, "Output": {"type": "string"}}
    return {"components": {"schemas": schemas}}


def compat(tmp_path: Path, old: Any, new: Any, *more: object) -> Result:
    paths = []
    for name, content in (("old.json", old), ("new.json", new)):
        paths.append(tmp_path / name)
        text = content if isinstance(content, str) else json.dumps(content)
        paths[-1].write_text(text, encoding="utf-8")
    return CliRunner().invoke(commands.command, ["compat", *map(str, [*paths, *more])])


def test_what_holds_is_0_and_what_breaks_is_1(tmp_path: Path) -> None:
    old, new = document(maximum=9), document(maximum=5)

    held, broken = compat(tmp_path, new, old), compat(tmp_path, old, new)

    assert (held.exit_code, broken.exit_code) == (0, 1)
    assert "passed" in held.stdout
    assert f"error {FINDING}" in broken.stdout
    assert 'for example {"x": 6}' in broken.stdout


def test_json_is_all_that_is_printed(tmp_path: Path) -> None:
    result = compat(tmp_path, document(maximum=9), document(maximum=5, default=1), "--json")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["exit_code"], told["held"]) == (1, 1, False)
    assert [one["rule"] for one in told["findings"]] == [
        "input-range-narrowed",
        "input-default-changed",
    ]
    assert told["findings"][0]["example"] == {"x": 6}
    assert told["findings"][0]["finding"] == FINDING


def test_a_file_may_lower_accept_and_tighten(tmp_path: Path) -> None:
    old, new = document(maximum=9), document(maximum=5, default=1)
    config = tmp_path / "safepush.yaml"
    config.write_text(f"model: me/a\ncompatibility: {{levels: {{{FINDING.split()[0]}: off}}}}\n")
    assert compat(tmp_path, old, new, "--config", config).exit_code == 0
    config.write_text(
        "model: me/a\ncompatibility:\n  accept:\n"
        f'    - {{finding: "{FINDING}", reason: nobody sends more}}\n'
    )
    accepted = compat(tmp_path, old, new, "--config", config)
    assert accepted.exit_code == 0
    assert f"accepted {FINDING}" in accepted.stdout
    assert compat(tmp_path, old, new, "--config", config, "--fail-on", "warning").exit_code == 1
    printed = next(
        line for line in compat(tmp_path, old, new).stdout.splitlines() if FINDING in line
    )
    as_printed = printed.removeprefix("failed   compatibility").strip()
    assert as_printed == f"error {FINDING}"
    config.write_text(config.read_text().replace(FINDING, as_printed))
    assert compat(tmp_path, old, new, "--config", config).exit_code == 0
    unused = compat(tmp_path, old, old, "--config", config)
    assert unused.exit_code == 0
    assert "take it out" in unused.stdout
    assert compat(tmp_path, old, new, "--fail-on", "never").exit_code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not JSON: Expecting value (line 1, column 1)"),
        ("{", "is not JSON"),
        ('{"a": NaN}', "JSON has no NaN"),
        ('{"a": 1, "a": 2}', "the name 'a' is given twice"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5_000, "is not JSON that can be read"),
        ("[]", "is no JSON object"),
        ("{}", "is it a model's document"),
        ('{"components": {"schemas": {"Output": {"maximum": 1e999}}}}', "must be a number"),
    ],
)
def test_a_file_that_cannot_be_compared_is_misuse(
    tmp_path: Path, content: str, message: str
) -> None:
    result = compat(tmp_path, document(), content)

    assert result.exit_code == 2
    assert f"new.json: {message}" in result.stderr or message in result.stderr
    assert "new.json" in result.stderr
    assert "Traceback" not in result.output


def test_files_that_are_away_too_large_or_not_text(tmp_path: Path) -> None:
    huge, odd = tmp_path / "huge.json", tmp_path / "odd.json"
    huge.write_bytes(b" " * (17 << 20))
    odd.write_bytes(b"\xff\xfe\x00")
    for path, message in (
        (tmp_path / "none.json", "there is no such file"),
        (tmp_path, "cannot be read"),
        (huge, "is larger than 16 MiB"),
        (odd, "is not UTF-8"),
    ):
        result = CliRunner().invoke(commands.command, ["compat", str(path), str(path)])

        assert result.exit_code == 2
        assert f"{path}: {message}" in result.stderr


def test_misuse_of_the_command() -> None:
    assert CliRunner().invoke(commands.command, ["compat", "one"]).exit_code == 2
    assert (
        CliRunner().invoke(commands.command, ["compat", "a", "b", "--fail-on", "x"]).exit_code == 2
    )


def test_a_value_that_is_too_large_to_read_is_left_out(tmp_path: Path) -> None:
    old, new = document(), document()
    for number, one in enumerate((old, new)):
        text = {"type": "string", "maxLength": 900_000 - number, "description": "It."}
        one["components"]["schemas"]["Input"]["properties"]["x"] = text

    result = compat(tmp_path, old, new, "--json")

    (told,) = json.loads(result.stdout)["findings"]
    assert told["rule"] == "input-length-narrowed"
    assert "example" not in told
    assert "(900,009 characters of JSON)" in compat(tmp_path, old, new).stdout


def test_names_and_patterns_stay_on_their_line() -> None:
    odd = document()
    inputs = odd["components"]["schemas"]["Input"]["properties"]
    inputs["a\nb"] = {"type": "string", "pattern": "(\n\n", "default": "\n"}

    keys = [one.key for one in (*lint(odd), *compare(odd, document()))]

    assert keys
    assert not any("\n" in key for key in keys)


# The check


def nothing(_: Any) -> Prediction:
    raise AssertionError("the check predicts nothing")


def check(old: Any, new: Any, policy: Policy | None = None, **facts: Any) -> Any:
    live = None if old is None else Version(id="a" * 64, state="ready", schema=old)
    version = Version(**{"id": "b" * 64, "state": "ready", "schema": new} | facts)
    config = Config(model="me/a", compatibility=policy or Policy())
    return compatibility.check(
        Trial(version=version, live=live, config=config, runner=Runner(nothing))
    )


def test_the_check_says_what_it_compared_or_why_not() -> None:
    good, bad = document(maximum=9), document(maximum=5)

    assert check(good, good).verdict is Verdict.PASSED
    assert check(good, bad).verdict is Verdict.FAILED
    assert check(good, bad).judgement.findings[0].key == FINDING
    assert check(good, bad, Policy(fail_on=Level.OFF)).verdict is Verdict.PASSED
    assert check(good, bad, Policy(accepted={FINDING: ""})).verdict is Verdict.PASSED
    assert check(None, good).verdict is Verdict.SKIPPED
    assert check(good, None, state="failed").verdict is Verdict.SKIPPED
    assert check(good, bad, id="a" * 64).verdict is Verdict.PASSED


def test_what_cannot_be_compared_does_not_pass() -> None:
    odd = document(type="strng")

    result = check(odd, document())

    assert result.verdict is Verdict.FAILED
    assert "the live version's schema" in result.reasons[0]
    assert check(odd, document(), Policy(fail_on=Level.OFF)).verdict is Verdict.SKIPPED


def test_what_a_server_says_does_not_move_the_cursor() -> None:
    odd = document()
    odd["components"]["schemas"]["Input"]["properties"]["x\x1b[2J"] = {"type": "integer"}

    result = check(odd, document())

    assert not any("\x1b" in reason for reason in result.reasons)


# The sections of the configuration


def test_both_sections_are_read(tmp_path: Path) -> None:
    path = tmp_path / "safepush.yaml"
    path.write_text(
        "model: me/a\n"
        "lint: {fail_on: warning, levels: {lint-choice-single: off}}\n"
        "compatibility:\n  fail_on: never\n"
        f'  accept: [{{finding: "{FINDING}", reason: agreed}}]\n'
    )

    config = load(path)

    assert config.lint == Policy(levels={"lint-choice-single": Level.OFF}, fail_on=Level.WARNING)
    assert config.compatibility == Policy(accepted={FINDING: "agreed"}, fail_on=Level.OFF)


def test_everything_wrong_with_them_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "safepush.yaml"
    path.write_text(
        "model: me/a\n"
        "lint:\n"
        "  levels: {lint-choice-singel: off}\n"
        "  fail_on: maybe\n"
        "compatibility:\n"
        "  level: {}\n"
        "  levels: {input-removed: loud}\n"
        "  accept:\n"
        "    - {finding: input-removed, reason: a}\n"
        "    - {finding: 'input-remoed at input.x: a -> b', reason: a}\n"
        "    - {finding: 'input-removed at input.x: integer -> nothing'}\n"
    )

    with pytest.raises(ConfigInvalid) as caught:
        load(path)

    problems = {(one.line, one.place): one.message for one in caught.value.problems}
    assert set(problems) == {
        (3, "lint.levels.lint-choice-singel"),
        (4, "lint.fail_on"),
        (6, "compatibility.level"),
        (7, "compatibility.levels.input-removed"),
        (9, "compatibility.accept[0].finding"),
        (10, "compatibility.accept[1].finding"),
        (11, "compatibility.accept[2]"),
    }
    assert "did you mean `lint-choice-single`" in problems[3, "lint.levels.lint-choice-singel"]
    assert "did you mean `input-removed`" in problems[10, "compatibility.accept[1].finding"]
    assert "one of error, warning, never" in problems[4, "lint.fail_on"]
