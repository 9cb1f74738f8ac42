"""Reports for other programs: they say what the checks said, and nothing can be smuggled in."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from rich.console import Console

from safepush import commands, report, schema
from safepush.checks.base import Item, Picture, Verdict
from safepush.checks.base import Result as Checked
from safepush.compare.pictures import side_by_side, text_map
from safepush.findings import Level, Policy
from safepush.lint import lint
from safepush.report import Report
from safepush.reports import github, junit, markdown, sarif

PREDICT = '''\
"""A model."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="To greet."),
        steps: int = Input(default=1),
    ) -> str:
        return text
'''
LOUD = "\x1b[2J\x00 ]]> <script>`x`</script> ``` @team |\n::error::mine\n##[error]mine\ud800"


def png(shade: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (32, 32), (shade, 0, 0)).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """A report with something of everything."""
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder.parent))
    (folder / "predict.py").write_text(PREDICT)
    inputs = {"text": {"type": "string", "description": "To greet."}, "steps": {"type": "integer"}}
    found = lint({"components": {"schemas": {"Input": {"properties": inputs}}}})
    key = next(one.key for one in found if one.rule.id.startswith("lint-output"))
    judgement = Policy(accepted={key: "so it is"}).judge(found)
    picture = Picture("parity-0-0", side_by_side(png(0), png(200)) or b"", "🟥🟥")
    items = (
        Item(name="predict.test_cases[0]", verdict=Verdict.PASSED, line=4, took_s=0.25),
        Item(name="predict.test_cases[1]", verdict=Verdict.FAILED, reasons=(LOUD,), line=6),
        Item(name="predict.test_cases[2]", verdict=Verdict.UNSURE, reasons=("hard",), line=8),
        Item(name="predict.test_cases[3]", verdict=Verdict.SKIPPED, reasons=("no judge",)),
    )
    looked = Item(
        name="predict.test_cases[0]",
        verdict=Verdict.FAILED,
        reasons=("output: the 8 x 8 block at x 0, y 0 differs by 200.0 of 255",),
        pictures=(picture,),
    )
    return Report(
        model="me/hello",
        version="a" * 64,
        live_before="b" * 64,
        results=(
            Checked("setup", Verdict.PASSED, ("it is ready",)),
            Checked("lint", Verdict.FAILED, ("error …",), judgement),
            Checked("compatibility", Verdict.SKIPPED, ("nothing is live",)),
            Checked("cases", Verdict.FAILED, (LOUD,), items=items),
            Checked("parity", Verdict.FAILED, looked.reasons, items=(looked,)),
        ),
        folder=folder,
        source=folder / "safepush.yaml",
    )


def test_junit_counts_what_is_in_it(told: Report) -> None:
    root = ElementTree.fromstring(junit.to_xml(told))

    assert root.tag == "testsuites"
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == [f"safepush.{one.check}" for one in told.results]
    for suite in suites.values():
        cases = suite.findall("testcase")
        assert len(cases) == int(suite.get("tests", ""))
        for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert len(suite.findall(f"testcase/{tag}")) == int(suite.get(count, ""))
        assert all(case.get("name") and case.get("classname") for case in cases)
    cases = suites["safepush.cases"].findall("testcase")
    assert [[end.tag for end in case] for case in cases] == [
        [],
        ["failure"],
        ["error"],
        ["skipped"],
    ]
    assert cases[0].get("time") == "0.250"
    assert cases[2][0].get("type") == "unsure"
    assert "<script>" in (cases[1][0].text or "")
    assert {root.get(name) for name in ("tests", "failures", "errors")} == {"8", "3", "1"}


def test_in_junit_each_finding_that_fails_is_a_case(told: Report) -> None:
    bare = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    found = lint({"components": {"schemas": {"Input": bare}}})
    judgement = Policy().judge(found)
    failing = [one for one in found if one.level is Level.ERROR]
    assert 1 < len(failing) < len(found)
    report = replace(told, results=(Checked("lint", Verdict.FAILED, ("error",), judgement),))
    (suite,) = ElementTree.fromstring(junit.to_xml(report))
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [
        f"{one.rule.id} at {one.place}" for one in failing
    ]
    assert [case[0].get("message") for case in cases] == [one.told for one in failing]
    held = replace(told, results=(Checked("lint", Verdict.PASSED, ("holds",), judgement),))
    assert [len(case) for case in ElementTree.fromstring(junit.to_xml(held))[0]] == [0]


def test_sarif_places_findings_in_the_source(told: Report) -> None:
    found = json.loads(sarif.to_json(told))

    (run,) = found["runs"]
    assert (found["version"], run["tool"]["driver"]["name"]) == ("2.1.0", "safepush")
    rules = run["tool"]["driver"]["rules"]
    by_rule = {one["ruleId"]: one for one in run["results"]}
    bare = by_rule["lint-description-missing"]
    assert rules[bare["ruleIndex"]]["id"] == "lint-description-missing"
    assert bare["level"] == "error"
    place = bare["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "model/predict.py"},
        "region": {"startLine": 10},
    }
    assert len(bare["partialFingerprints"]["finding/v1"]) == 64
    accepted = [one for one in run["results"] if one.get("suppressions")]
    assert [one["ruleId"] for one in accepted] == ["lint-output-undeclared"]


def test_json_is_as_its_schema_says_and_holds_no_inputs(told: Report) -> None:
    text = report.to_json(told)

    found = json.loads(text)
    jsonschema.Draft202012Validator(schema.report()).validate(found)
    cases = next(one for one in found["checks"] if one["name"] == "cases")
    assert [one["line"] for one in cases["items"]] == [4, 6, 8, None]
    assert found["checks"][4]["items"][0]["pictures"] == ["parity-0-0.png"]


def test_annotations_stand_where_the_case_and_the_input_are(told: Report) -> None:
    found = {
        (one.level, one.title, one.spot.path, one.spot.line) for one in github.annotations(told)
    }

    assert found >= {
        ("error", "lint-description-missing", "model/predict.py", 10),
        ("error", "safepush cases", "model/safepush.yaml", 6),
        ("warning", "safepush cases", "model/safepush.yaml", 8),
        ("error", "safepush parity", "model/safepush.yaml", 1),
    }


def test_an_annotation_is_one_line_whatever_is_in_it(told: Report) -> None:
    commands = [one.command for one in github.annotations(told)]

    assert all(command.startswith("::") and "\n" not in command for command in commands)
    (loud,) = (one for one in commands if "%0A::error::mine" in one)
    assert loud.startswith("::error file=model/safepush.yaml,line=6,title=safepush cases::")


def test_no_more_annotations_than_are_shown_and_the_worst_first(told: Report) -> None:
    items = tuple(Item(name=str(at), verdict=Verdict.FAILED, reasons=("x",)) for at in range(40))
    many = Report(
        model="me/a",
        version="a" * 64,
        live_before=None,
        results=(Checked("cases", Verdict.FAILED, ("x",), items=items),),
        folder=told.folder,
    )

    assert len(github.annotations(many)) == github.MAX_ANNOTATIONS


def test_text_that_looks_like_a_command_of_the_runner_is_none(told: Report) -> None:
    page = io.StringIO()

    report.print_text(told, Console(file=page, width=200))

    lines = [line.lstrip() for line in page.getvalue().splitlines()]
    assert any("error::mine" in line for line in lines)
    assert not [line for line in lines if line.startswith(("::", "##["))]


def test_the_summary_shows_where_pictures_differ_and_takes_no_markup(told: Report) -> None:
    page = markdown.to_markdown(told)

    assert page.startswith("## safepush: me/hello:aaaaaaaaaaaa did not hold; live was not touched")
    assert "| ❌ | lint |" in page
    assert "| ✅ | setup |" in page
    assert "parity-0-0.png" in page
    assert "🟥🟥" in page
    outside = []
    fence = None
    for line in page.splitlines():
        if fence is None and line.startswith("```"):
            fence = line.removesuffix("text")
        elif line == fence:
            fence = None
        elif fence is None:
            outside.append(line)
    assert fence is None
    assert not [line for line in outside if "<script>" in line or line.startswith("::")]
    with_pictures = markdown.to_markdown(told, "https://e.com/run/")
    assert "![live, new and difference](https://e.com/run/parity-0-0.png)" in with_pictures


def test_a_map_shows_where_two_pictures_differ() -> None:
    first = Image.new("RGB", (64, 32))
    second = first.copy()
    second.paste((255, 255, 255), (0, 0, 8, 8))
    pair = []
    for one in (first, second):
        made = io.BytesIO()
        one.save(made, "PNG")
        pair.append(made.getvalue())

    lines = (text_map(*pair) or "").splitlines()

    assert lines == ["🟥🟥" + "⬜" * 14] * 2 + ["⬜" * 16] * 6
    assert text_map(pair[0], b"text") is None
    assert side_by_side(pair[0], png(0)) is None  # another size


# The command


@pytest.fixture
def run(server: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("PENSTOCK_URL", server.url)
    monkeypatch.setenv("PENSTOCK_TOKEN", "t0ken")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(commands.command, [str(word) for word in words])

    return invoke


def test_every_report_is_written_where_it_is_asked_for(
    folder: Path, tmp_path: Path, run: Any
) -> None:
    kinds = ("json", "junit", "sarif", "markdown")
    asked = [f"--report={kind}={tmp_path / 'out' / kind}" for kind in kinds]

    result = run(folder, *asked)

    assert result.exit_code == 0, result.output
    written = {kind: (tmp_path / "out" / kind).read_text() for kind in kinds}
    told = json.loads(written["json"])
    jsonschema.Draft202012Validator(schema.report()).validate(told)
    assert told["used"] == {"predictions": 1, "tokens": 0}
    assert ElementTree.fromstring(written["junit"]).get("failures") == "0"
    assert json.loads(written["sarif"])["runs"][0]["results"] == []
    assert "held and is live" in written["markdown"]


@pytest.mark.parametrize("wrong", ["xml=a", "junit", "junit="])
def test_a_report_nobody_knows_is_refused_before_anything_runs(
    server: Any, folder: Path, run: Any, wrong: str
) -> None:
    result = run(folder, "--report", wrong)

    assert result.exit_code == 2
    assert "json, junit, sarif, markdown" in result.stderr
    assert not server.requests


def test_a_report_that_cannot_be_written_is_refused_before_anything_runs(
    server: Any, folder: Path, tmp_path: Path, run: Any
) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text("the last one")

    result = run(folder, f"--report=json={kept}", f"--report=junit={tmp_path}")

    assert result.exit_code == 2
    assert f"junit={tmp_path}: cannot be written: Is a directory" in result.stderr
    assert (kept.read_text(), server.requests) == ("the last one", [])


def test_in_a_job_of_github_it_is_all_by_itself(
    server: Any, folder: Path, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.prediction = {"status": "succeeded", "output": "goodbye"}
    summary, outputs = tmp_path / "summary", tmp_path / "outputs"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_OUTPUT", str(outputs))

    result = run(folder)

    assert result.exit_code == 1
    assert "::error file=model/safepush.yaml,line=5,title=safepush cases::" in result.stdout
    assert "did not hold" in summary.read_text()
    assert outputs.read_text().splitlines()[0] == "verdict=failed"
    assert "promoted=false" in outputs.read_text()


def test_in_a_job_of_github_a_broken_configuration_is_shown_at_its_lines(
    folder: Path, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "safepush.yaml").write_text("model: me/hello\npredikt: {}\nparallel: 0\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))

    result, away = run(folder), run(folder, "--budget", "none")

    told = [line for line in result.stdout.splitlines() if line.startswith("::error")]
    assert [line.partition(",title")[0] for line in told] == [
        "::error file=model/safepush.yaml,line=2",
        "::error file=model/safepush.yaml,line=3",
    ]
    assert "::error title=safepush::--budget" in away.stdout
    assert "no verdict (invalid_config)" in (tmp_path / "summary").read_text()


def test_inputs_are_shown_only_when_asked_for(server: Any, folder: Path, run: Any) -> None:
    server.prediction = {"status": "failed", "error": "no"}
    with (folder / "safepush.yaml").open("a") as file:
        file.write("    - inputs: {text: my-own-secret}\n")

    silent, loud = run(folder, "--report=json=safepush-report.json"), run(folder, "--show-inputs")

    assert silent.exit_code == loud.exit_code == 1
    assert "my-own-secret" not in silent.output + Path("safepush-report.json").read_text()
    assert 'its inputs: {"text": "my-own-secret"}' in loud.stdout
