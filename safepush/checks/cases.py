"""Given inputs give the expected output, or the expected error."""

from safepush.answers import Prediction, Version
from safepush.checks.base import Result, Trial, failed, passed, skipped
from safepush.config import Case
from safepush.errors import InvalidRequest, PredictionTimedOut
from safepush.outputs import joined
from safepush.plain import plain

NAME = "cases"
SHOWN_CHARACTERS = 80


def check(trial: Trial) -> Result:
    """Passed when every test case of the configuration holds; all failures are told."""
    cases = trial.config.predict.test_cases
    if trial.version.state != "ready":
        return skipped(NAME, "the version is not ready")
    if not cases:
        return skipped(NAME, "no test cases; add predict.test_cases to safepush.yaml")
    reasons = []
    for number, case in enumerate(cases):
        reason = _judge(trial, case)
        if reason is not None:
            reasons.append(f"predict.test_cases[{number}]: {reason}")
    return failed(NAME, reasons) if reasons else passed(NAME, f"{len(cases)} of {len(cases)} held")


def _judge(trial: Trial, case: Case) -> str | None:
    """Why the case does not hold, or None where it does."""
    try:
        prediction = trial.predict(case.inputs)
    except InvalidRequest as exc:
        return _judge_error(case, "\n".join((exc.detail, *exc.errors)), "the inputs were refused")
    except PredictionTimedOut as exc:
        return str(exc)
    if prediction.status == "failed":
        return _judge_error(case, prediction.error or "", f"prediction {prediction.id} failed")
    if prediction.status != "succeeded":
        # canceled and the like are no verdict on the model, and no success either
        return f"prediction {prediction.id} ended as {plain(prediction.status)}"
    return _judge_output(case, prediction, trial.version)


def _judge_error(case: Case, error: str, event: str) -> str | None:
    if case.error_contains is None:
        return f"{event}: {plain(error) or 'no message'}"
    if case.error_contains in error:
        return None
    return f"{event}, but its message does not hold error_contains: {plain(error) or 'no message'}"


def _judge_output(case: Case, prediction: Prediction, version: Version) -> str | None:
    if case.error_contains is not None:
        return f"prediction {prediction.id} succeeded, but error_contains asks for an error"
    if case.exact_string is None:
        return None
    output = joined(prediction.output, version)
    if not isinstance(output, str):
        kind = type(output).__name__
        return f"prediction {prediction.id} gave {kind}, but exact_string asks for text"
    if output == case.exact_string:
        return None
    return f"prediction {prediction.id}: {_difference(output, case.exact_string)}"


def _difference(output: str, expected: str) -> str:
    pairs = enumerate(zip(output, expected, strict=False))
    shorter = min(len(output), len(expected))
    at = next((index for index, (ours, theirs) in pairs if ours != theirs), shorter)
    return (
        f"the output differs from exact_string at character {at + 1}: "
        f"{_excerpt(output, at)} instead of {_excerpt(expected, at)}"
    )


def _excerpt(text: str, at: int) -> str:
    piece = text[at : at + SHOWN_CHARACTERS]
    return repr(piece) if piece else "the end of the text"
