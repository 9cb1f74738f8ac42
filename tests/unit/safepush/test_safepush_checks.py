"""The checks, on versions and predictions made up here."""

from collections.abc import Mapping
from typing import Any

import pytest

from safepush import checks
from safepush.answers import Prediction, Version
from safepush.checks import cases, lint, setup
from safepush.checks.base import Runner, Trial, Verdict
from safepush.config import Config, Predict
from safepush.errors import InvalidRequest, PredictionTimedOut
from safepush.expectations.texts import ExactString
from safepush.testcase import Case


def make_schema(inputs: dict[str, Any], output: dict[str, Any] | None = None) -> dict[str, Any]:
    schemas = {"Input": {"properties": inputs}, "Output": output or {"type": "string"}}
    return {"components": {"schemas": schemas}}


def make_trial(
    *expected: Case,
    version: Version | None = None,
    prediction: Prediction | Exception | None = None,
) -> Trial:
    def predict(_: Mapping[str, Any]) -> Prediction:
        if isinstance(prediction, Exception):
            raise prediction
        return prediction or Prediction(id="p1", status="succeeded", output="yes")

    return Trial(
        version=version or Version(id="0" * 64, state="ready", schema=make_schema({})),
        config=Config(model="me/hello", predict=Predict(test_cases=expected)),
        runner=Runner(predict),
    )


def exactly(text: str) -> Case:
    return Case(inputs={}, expectations=(ExactString(text),))


def gave(output: Any) -> Prediction:
    return Prediction(id="p", status="succeeded", output=output)


def broke(error: str) -> Prediction:
    return Prediction(id="p", status="failed", error=error)


def ended(status: str) -> Prediction:
    return Prediction(id="p", status=status, error="B")


def lint_of(inputs: dict[str, Any]) -> Verdict:
    version = Version(id="0" * 64, state="ready", schema=make_schema(inputs))
    return lint.check(make_trial(version=version)).verdict


@pytest.mark.parametrize(
    ("schema", "verdict"),
    [
        ({"description": "What to draw."}, Verdict.PASSED),
        ({"deprecated": True}, Verdict.PASSED),
        ({"allOf": [{"type": "string"}], "description": "Which."}, Verdict.PASSED),
        ({}, Verdict.FAILED),
        ({"description": " \n"}, Verdict.FAILED),
        ({"description": None}, Verdict.FAILED),
        ({"deprecated": False}, Verdict.FAILED),
        (None, Verdict.FAILED),
    ],
)
def test_every_input_needs_a_description(schema: Any, verdict: Verdict) -> None:
    assert lint_of({"fine": {"description": "Fine."}, "x": schema}) is verdict


def test_lint_names_every_bare_input() -> None:
    version = Version(id="0" * 64, state="ready", schema=make_schema({"a": {}, "b": {}}))

    reasons = lint.check(make_trial(version=version)).reasons

    assert [reason for reason in reasons if reason.startswith("error")] == [
        "error lint-description-missing at input.a: no description",
        "error lint-description-missing at input.b: no description",
    ]


@pytest.mark.parametrize("schema", [None, {}, {"components": []}, {"components": {"schemas": {}}}])
def test_lint_without_a_schema_does_not_pass(schema: Any) -> None:
    version = Version(id="0" * 64, state="ready", schema=schema)

    assert lint.check(make_trial(version=version)).verdict is Verdict.SKIPPED


def test_a_version_without_inputs_has_nothing_to_describe() -> None:
    assert lint_of({}) is Verdict.PASSED


@pytest.mark.parametrize(
    ("case", "prediction", "verdict"),
    [
        (Case(inputs={}), Prediction(id="p", status="succeeded"), "passed"),
        (Case(inputs={}), broke("no"), "failed"),
        (Case(inputs={}), Prediction(id="p", status="failed"), "failed"),
        (Case(inputs={}), ended("canceled"), "failed"),
        (Case(inputs={}), ended("aborted"), "failed"),
        (Case(inputs={}), PredictionTimedOut("p", 3.0), "failed"),
        (Case(inputs={}), InvalidRequest("POST", 422, "seed: too large"), "failed"),
        (exactly("a"), gave("a"), "passed"),
        (exactly("a"), gave("b"), "failed"),
        (exactly(""), gave("b"), "failed"),
        (exactly(""), gave(""), "passed"),
        (exactly("1"), gave(1), "failed"),
        (exactly("a"), broke("a"), "failed"),
        (Case(inputs={}, error_contains="B"), broke("aBc"), "passed"),
        (Case(inputs={}, error_contains="B"), broke("abc"), "failed"),
        (Case(inputs={}, error_contains="B"), Prediction(id="p", status="failed"), "failed"),
        (Case(inputs={}, error_contains=""), Prediction(id="p", status="succeeded"), "failed"),
        (Case(inputs={}, error_contains="B"), ended("canceled"), "failed"),
        (
            Case(inputs={}, error_contains="too"),
            InvalidRequest("POST", 422, "seed: too big"),
            "passed",
        ),
        (Case(inputs={}, error_contains="x"), PredictionTimedOut("x", 3.0), "failed"),
    ],
)
def test_a_case_holds_only_as_it_says(
    case: Case, prediction: Prediction | Exception, verdict: str
) -> None:
    assert cases.check(make_trial(case, prediction=prediction)).verdict == verdict


def test_all_failing_cases_are_told_with_their_number() -> None:
    trial = make_trial(exactly("yes"), *[exactly("no")] * 2)

    reasons = cases.check(trial).reasons

    assert [reason.partition(":")[0] for reason in reasons] == [
        "predict.test_cases[1]",
        "predict.test_cases[2]",
    ]
    assert "at character 1: 'yes' instead of 'no'" in reasons[0]


TAKES_TEXT = Version(id="0" * 64, state="ready", schema=make_schema({"text": {}, "n": {}}))


def test_a_case_with_an_input_that_would_be_dropped_does_not_hold() -> None:
    case = Case(inputs={"text": "you", "txet": 1}, expectations=(ExactString("yes"),), line=7)
    result = cases.check(make_trial(case, version=TAKES_TEXT))
    assert result.verdict is Verdict.FAILED
    assert result.reasons == (
        "predict.test_cases[0]: sets `txet`, which the version does not take and would drop; "
        "it takes: text, n",
    )
    assert [item.line for item in result.items] == [7]


def test_a_file_that_is_not_there_is_told_where_the_prediction_fails() -> None:
    case = Case(inputs={"text": "@a.png", "n": 1})
    result = cases.check(make_trial(case, version=TAKES_TEXT, prediction=broke("no address")))
    assert result.reasons == (
        "predict.test_cases[0]: prediction p failed: no address "
        "(`text`: no file of that name is beside the configuration)",
    )


def test_a_case_that_is_to_fail_may_have_an_input_too_many() -> None:
    case = Case(inputs={"txet": 1}, error_contains="txet")
    refused = InvalidRequest("POST", 422, "input.txet is not known")
    result = cases.check(make_trial(case, version=TAKES_TEXT, prediction=refused))
    assert result.verdict is Verdict.PASSED


@pytest.mark.parametrize("inputs", [None, {"additionalProperties": True, "properties": {}}])
def test_no_input_is_too_many_where_the_schema_does_not_tell(inputs: Any) -> None:
    schema = {"components": {"schemas": {"Input": inputs}}}
    version = Version(id="0" * 64, state="ready", schema=schema)
    case = Case(inputs={"txet": 1}, expectations=(ExactString("yes"),))
    assert cases.check(make_trial(case, version=version)).verdict is Verdict.PASSED


def test_streamed_text_is_joined_where_the_schema_says_so() -> None:
    display = {"type": "array", "x-cog-array-display": "concatenate"}
    version = Version(id="0" * 64, state="ready", schema=make_schema({}, display))
    pieces = gave(["he", "llo"])
    case = exactly("hello")

    joined = cases.check(make_trial(case, version=version, prediction=pieces))
    as_list = cases.check(make_trial(case, prediction=pieces))

    assert (joined.verdict, as_list.verdict) == (Verdict.PASSED, Verdict.FAILED)


def test_no_cases_is_no_pass() -> None:
    assert cases.check(make_trial()).verdict is Verdict.SKIPPED


def test_a_version_that_failed_says_why_and_shows_its_last_lines() -> None:
    logs = "\n".join(f"line {number}" for number in range(100))
    version = Version(id="0" * 64, state="failed", error="ValueError: x\x1b[2J", logs=logs)

    result = setup.check(make_trial(version=version))

    assert result.verdict is Verdict.FAILED
    assert result.reasons[0] == "the version is failed: ValueError: x?[2J"
    assert result.reasons[-1] == "line 99"
    assert len(result.reasons) == 21


def test_what_the_server_warns_of_is_shown_and_fails_nothing() -> None:
    logs = "loading\nwarning: cog.yaml: build: run is not done\x1b[2J\nwarning from the model\n"
    version = Version(id="0" * 64, state="ready", schema=make_schema({}), logs=logs)

    result = setup.check(make_trial(version=version))

    assert result.verdict is Verdict.PASSED
    assert result.reasons == (
        "the version is ready",
        "warning: cog.yaml: build: run is not done?[2J",
    )


def test_every_check_runs_after_one_failed() -> None:
    version = Version(id="0" * 64, state="failed")

    results = checks.run(make_trial(Case(inputs={}), version=version))

    assert [(each.check, each.verdict) for each in results] == [
        ("setup", Verdict.FAILED),
        ("lint", Verdict.SKIPPED),
        ("compatibility", Verdict.SKIPPED),
        ("cases", Verdict.SKIPPED),
        ("parity", Verdict.SKIPPED),
        ("fuzz", Verdict.SKIPPED),
    ]
