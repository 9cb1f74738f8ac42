"""The check: what it is held to by the configuration, and what it says."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safepush.answers import Prediction, Version
from safepush.checks import fuzz
from safepush.checks.base import Result, Runner, Trial, Verdict
from safepush.config import Config, load
from safepush.errors import ConfigInvalid
from safepush.findings import Level, Policy
from safepush.fuzz.settings import Fuzzing
from safepush.options import Budget, Meter, Options

SCHEMA = {
    "components": {
        "schemas": {
            "Input": {"properties": {"text": {"type": "string"}}, "required": ["text"]},
            "Output": {"type": "string"},
        }
    }
}


def config(tmp_path: Path, text: str, name: str = "safepush.yaml") -> Config:
    path = tmp_path / name
    path.write_text(f"model: me/hello\n{text}")
    return load(path)


def checked(
    model: Callable[..., Any],
    settings: Fuzzing | None = None,
    *,
    budget: int | None = None,
    state: str = "ready",
) -> Result:
    """The check's result on a function as the model."""
    meter = Meter(Budget(predictions=budget))

    def predict(inputs: Any, limit_s: float = 60) -> Prediction:
        meter.prediction()
        try:
            return Prediction(id="p1", status="succeeded", output=model(**inputs), took_s=0.01)
        except Exception as exc:
            return Prediction(id="p1", status="failed", error=f"{type(exc).__name__}: {exc}")

    trial = Trial(
        version=Version(id="f" * 64, state=state, schema=SCHEMA),
        config=Config(model="me/hello", fuzz=settings or Fuzzing(budget=30)),
        runner=Runner(predict),
        options=Options(budget=Budget(predictions=budget)),
    )
    return fuzz.check(trial)


def test_names_that_the_version_has_not_are_told() -> None:
    settings = Fuzzing(budget=5, fixed_inputs={"stpes": 1}, disabled_inputs=("webhok",))

    reasons = checked(lambda text, **_: text, settings).reasons

    told = "which the version does not take; it takes: text"
    assert f"fixed_inputs names `stpes`, {told}" in reasons
    assert f"disabled_inputs names `webhok`, {told}" in reasons
    assert not any("names" in one for one in checked(lambda text: text).reasons)


def no_capitals(text: str) -> str:
    if text.lower() != text:
        raise KeyError("capital")
    return text


def test_the_section_is_read(tmp_path: Path) -> None:
    told = """
fuzz:
  budget: 7
  timeout: 3
  fixed_inputs: {a: 1}
  disabled_inputs: [b]
  fail_on: warning
  levels: {fuzz-slow: off}
  accept: [{finding: "fuzz-crash at input.a: x", reason: known}]
"""
    assert config(tmp_path, told).fuzz == Fuzzing(
        budget=7,
        timeout_s=3.0,
        fixed_inputs={"a": 1},
        disabled_inputs=("b",),
        policy=Policy(
            levels={"fuzz-slow": Level.OFF},
            accepted={"fuzz-crash at input.a: x": "known"},
            fail_on=Level.WARNING,
        ),
        given=True,
    )


def test_all_that_is_wrong_is_told(tmp_path: Path) -> None:
    told = """fuzz:
  budgets: 7
  timeout: soon
  levels: {fuzz-sloe: off}
  fixed_inputs: {a: 1}
  disabled_inputs: [a]
"""
    with pytest.raises(ConfigInvalid) as caught:
        config(tmp_path, told)

    lines = sorted(one.line or 0 for one in caught.value.problems)
    assert lines[-3:] == [3, 4, 5] or lines == [2, 3, 4, 5]
    assert "did you mean `budget`" in str(caught.value)
    assert "did you mean `fuzz-slow`" in str(caught.value)
    assert "both fixed and disabled" in str(caught.value)


PEERS = "predict:\n  fuzz: {iterations: 5, fixed_inputs: {a: 1}, disabled_inputs: [b]}\n"


@pytest.mark.parametrize(
    ("name", "text", "budget"),
    [
        ("safepush.yaml", "", 100),
        ("safepush.yaml", "fuzz: {}", 100),
        ("safepush.yaml", "fuzz: false", 0),
        ("safepush.yaml", PEERS, 5),
        ("safepush.yaml", f"fuzz: {{budget: 9}}\n{PEERS}", 9),
        ("cog-safe-push.yaml", "", 0),
        ("cog-safe-push.yaml", PEERS, 5),
    ],
)
def test_how_much_is_tried(tmp_path: Path, name: str, text: str, budget: int) -> None:
    found = fuzz.wanted(config(tmp_path, text, name))

    assert found.budget == budget
    if PEERS in text:
        assert (found.fixed_inputs, found.disabled_inputs) == ({"a": 1}, ("b",))


def test_a_sound_model_passes_and_what_was_not_exercised_is_told() -> None:
    result = checked(lambda text: text)

    assert result.verdict is Verdict.PASSED
    told = r"30 predictions with seed 1, (\d+) of the first \1 succeeded; nothing fails"
    assert re.match(told, result.reasons[0])
    assert "not exercised: growth of memory" in result.reasons[1]
    assert "language model (none was set up)" in result.reasons[2]


def test_a_finding_fails_it_with_the_way_out() -> None:
    result = checked(no_capitals)

    assert result.verdict is Verdict.FAILED
    assert result.reasons[0].startswith("error fuzz-crash at input.text: KeyError")
    assert any(line.startswith("  as a test case: - {") for line in result.reasons)
    assert result.reasons[-1] == (
        "(to accept one, name it in safepush.yaml under fuzz.accept as `finding`, in quotes; "
        "the level before it may be left out)"
    )


def test_what_was_accepted_or_weighs_less_does_not() -> None:
    first = checked(no_capitals)
    assert first.judgement is not None
    accepted = {one.key: "known" for one in first.judgement.findings}

    taken = checked(no_capitals, Fuzzing(budget=30, policy=Policy(accepted=accepted)))
    lower = {"fuzz-crash": Level.WARNING}
    told = checked(no_capitals, Fuzzing(budget=30, policy=Policy(levels=lower)))

    assert (taken.verdict, told.verdict) == (Verdict.PASSED, Verdict.PASSED)
    assert any(line.startswith("accepted fuzz-crash") for line in taken.reasons)
    assert any(line.startswith("warning fuzz-crash") for line in told.reasons)


def test_switched_off_is_skipped() -> None:
    assert checked(no_capitals, Fuzzing(budget=0)).verdict is Verdict.SKIPPED


def test_a_budget_that_ends_before_the_proof_leaves_it_to_a_person() -> None:
    verdicts = {checked(no_capitals, Fuzzing(budget=50), budget=n).verdict for n in range(4, 16)}

    assert Verdict.UNSURE in verdicts


def test_nothing_that_is_taken_is_no_pass() -> None:
    def never(text: str) -> str:
        raise ValueError("text must be what nobody knows")

    result = checked(never)

    assert result.verdict is Verdict.SKIPPED
    assert "nothing was judged" in result.reasons[0]
    assert checked(never, state="failed").verdict is Verdict.SKIPPED
