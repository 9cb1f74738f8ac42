"""What is wrong with a model's code as it is written: ruff itself, on real files."""

from pathlib import Path

import pytest

from safepush import codelint as looking
from safepush.answers import Version
from safepush.checks import lint
from safepush.checks.base import Result, Runner, Trial, Verdict
from safepush.codelint import codelint
from safepush.config import load

SCHEMA = {
    "components": {
        "schemas": {"Input": {"type": "object", "properties": {}}, "Output": {"type": "string"}}
    }
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cog.yaml").write_text("predict: predict.py:predict\n")
    (tmp_path / "predict.py").write_text("def predict() -> str:\n    return 'a'\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "other.py").write_text("nothing_of_ours(\n")
    return tmp_path


def found(folder: Path) -> list[tuple[str, str, int | None]]:
    findings, untold = codelint(folder)
    assert untold is None
    return [(one.rule.id, f"{one.place}: {one.change}", one.line) for one in findings]


def checked(folder: Path, name: str = "safepush.yaml", more: str = "") -> Result:
    (folder / name).write_text(f"model: me/hello\n{more}")
    version = Version(id="f" * 64, state="ready", schema=SCHEMA)
    config = load(folder / name)
    runner = Runner(lambda inputs: pytest.fail("it is not run"))
    return lint.check(Trial(version=version, config=config, runner=runner, folder=folder))


def test_code_in_order_has_no_findings(folder: Path) -> None:
    assert found(folder) == []
    assert checked(folder).reasons[0].startswith("the schema and the code are in order")


def test_what_will_fail_is_an_error_and_the_rest_a_warning(folder: Path) -> None:
    (folder / "predict.py").write_text("import os\n\n\ndef predict() -> str:\n    return nowhere\n")

    assert found(folder) == [
        ("lint-code", "predict.py: F401 `os` imported but unused", 1),
        ("lint-code-broken", "predict.py: F821 Undefined name `nowhere`", 5),
    ]
    result = checked(folder)
    assert result.verdict is Verdict.FAILED
    assert "lint-code-broken at predict.py: F821 Undefined name `nowhere`" in result.reasons[0]
    accept = "lint-code-broken at predict.py: F821 Undefined name `nowhere`"
    more = f"lint: {{accept: [{{finding: '{accept}', reason: set by exec}}]}}\n"
    assert checked(folder, more=more).verdict is Verdict.PASSED


def test_code_that_cannot_be_parsed_is_broken(folder: Path) -> None:
    (folder / "predict.py").write_text("def predict(:\n")

    assert {rule for rule, _, _ in found(folder)} == {"lint-code-broken"}


def test_with_a_file_of_cog_safe_push_whatever_ruff_finds_fails(folder: Path) -> None:
    (folder / "predict.py").write_text("import os\n")

    assert checked(folder).verdict is Verdict.PASSED
    assert checked(folder, "cog-safe-push.yaml").verdict is Verdict.FAILED


def test_a_projects_own_settings_count(folder: Path) -> None:
    (folder / "predict.py").write_text("import os\nx = 'a' % 1\nprint( x )\n")
    assert len(found(folder)) == 2

    (folder / "ruff.toml").write_text('[lint]\nselect = ["T201"]\n')

    assert found(folder) == [("lint-code", "predict.py: T201 `print` found", 3)]


def test_settings_that_ruff_cannot_read_are_told(folder: Path) -> None:
    (folder / "ruff.toml").write_text('[lint]\nselect = ["XYZ9"]\n')

    _, untold = codelint(folder)

    assert untold is not None
    assert "XYZ9" in untold
    assert "not exercised: the code was not looked at" in checked(folder).reasons[-1]


def test_without_ruff_the_report_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_ruff", lambda: None)
    (folder / "predict.py").write_text("return nowhere\n")

    result = checked(folder)

    assert result.verdict is Verdict.PASSED
    assert result.reasons[-1] == (
        "not exercised: the code was not looked at (ruff is not installed: "
        "pip install '.[lint]' in a checkout of Penstock)"
    )
