"""Given inputs give what is expected of them, or the expected error."""

import json
import re
import time
from collections.abc import Sequence

from safepush.answers import Prediction
from safepush.checks.base import Item, Picture, Result, Trial, Verdict, gathered, skipped
from safepush.checks.lint import input_names, unknown_inputs
from safepush.compare import File
from safepush.errors import BudgetSpent, InvalidRequest, PredictionTimedOut, ServiceError
from safepush.expectations import Evidence, Holds, Outcome
from safepush.expectations.base import HELD, enough, no, together, unsure
from safepush.outputs import joined
from safepush.parallel import each
from safepush.plain import plain
from safepush.testcase import FILE, Case

NAME = "cases"
VERDICTS = {
    Holds.YES: Verdict.PASSED,
    Holds.NO: Verdict.FAILED,
    Holds.UNSURE: Verdict.UNSURE,
    Holds.NOT_EXERCISED: Verdict.SKIPPED,
}


def planned(cases: Sequence[Case]) -> int:
    """How many predictions these take."""
    return sum(case.runs for case in cases)


def check(trial: Trial) -> Result:
    """Passed when every test case of the configuration holds; all failures are told."""
    cases = trial.config.predict.test_cases
    if trial.version.state != "ready":
        return skipped(NAME, "the version is not ready")
    if not cases:
        return skipped(NAME, "no test cases; add predict.test_cases to safepush.yaml")
    items = each(
        lambda numbered: item(trial, f"predict.test_cases[{numbered[0]}]", numbered[1]),
        enumerate(cases),
        trial.config.parallel,
        trial.stop,
    )
    held = sum(item.verdict is Verdict.PASSED for item in items)
    return gathered(NAME, items, f"{held} of {len(items)} held")


def item(trial: Trial, name: str, case: Case, section: str = "Input") -> Item:
    """What came of one case; `name` is its place in the configuration.

    section: where the version's schema has what is asked for.
    """
    began = time.monotonic()
    found = _dropped(trial, case, section) or _over_runs(trial, case)
    reasons = [plain(found.reason, 2000)] if found.reason else []
    if reasons and trial.options.show_inputs:
        told = json.dumps(case.inputs, ensure_ascii=False, default=str)
        reasons.append(f"  its inputs: {plain(told, 2000)}")
    return Item(
        name=name,
        verdict=VERDICTS[found.holds],
        reasons=tuple(reasons),
        line=case.line,
        took_s=time.monotonic() - began,
        pictures=tuple(
            Picture(f"case-{_numbers(name)}-{at}-{kind}", png, squares)
            for at, (kind, png, squares) in enumerate(found.pictures)
        ),
    )


def _numbers(name: str) -> str:
    """What tells a case from others, fit for the name of a file."""
    place = "train-" if name.startswith("train") else ""
    return place + "-".join(re.findall(r"\d+", name))


def _dropped(trial: Trial, case: Case, section: str) -> Outcome | None:
    """Why a case would say nothing: a misspelt input would leave the default to be tested.

    One that is to fail is tried all the same: there are servers that refuse such an input.
    """
    unknown = unknown_inputs(trial.version, case.inputs, section)
    if not unknown or case.error_contains is not None:
        return None
    names = ", ".join(f"`{plain(one)}`" for one in unknown)
    known = ", ".join(map(plain, input_names(trial.version, section))) or "none"
    return no(f"sets {names}, which the version does not take and would drop; it takes: {known}")


def _over_runs(trial: Trial, case: Case) -> Outcome:
    runs = [_run(trial, case) for _ in range(case.runs)]
    if case.runs == 1:
        return runs[0]
    holds = enough(runs, case.needed)
    if holds is Holds.YES:
        return HELD
    yes = sum(one.holds is Holds.YES for one in runs)
    worst = together(runs)
    told = f"{yes} of {case.runs} runs held, {case.needed} must: {worst.reason}"
    return Outcome(holds, told, worst.pictures)


def _run(trial: Trial, case: Case) -> Outcome:
    """One run of one case; what the budget leaves out is not known, and others count as ever."""
    try:
        return _judge(trial, case)
    except BudgetSpent as exc:
        return unsure(f"not run: {exc}")


def _judge(trial: Trial, case: Case) -> Outcome:
    began = time.monotonic()
    try:
        prediction = trial.predict(case.inputs)
    except InvalidRequest as exc:
        return _judge_error(case, "\n".join((exc.detail, *exc.errors)), "the inputs were refused")
    except PredictionTimedOut as exc:
        return no(str(exc))
    if prediction.status == "failed":
        return _judge_error(case, prediction.error or "", f"prediction {prediction.id} failed")
    if prediction.status != "succeeded":
        # canceled and the like are no verdict on the model, and no success either
        return no(f"prediction {prediction.id} ended as {plain(prediction.status)}")
    if case.error_contains is not None:
        return no(f"prediction {prediction.id} succeeded, but error_contains asks for an error")
    return _judge_output(trial, case, prediction, time.monotonic() - began)


def _judge_error(case: Case, error: str, event: str) -> Outcome:
    if case.error_contains is None:
        return no(f"{event}: {plain(error) or 'no message'}{_no_file(case)}")
    if case.error_contains in error:
        return HELD
    told = plain(error) or "no message"
    return no(f"{event}, but its message does not hold error_contains: {told}")


def _no_file(case: Case) -> str:
    """What to look at first where an input was perhaps meant to be a file."""
    told = [
        f"`{plain(name)}`"
        for name, value in case.inputs.items()
        if isinstance(value, str) and value.startswith(FILE)
    ]
    names = ", ".join(told)
    return f" ({names}: no file of that name is beside the configuration)" if told else ""


def _judge_output(trial: Trial, case: Case, prediction: Prediction, waited_s: float) -> Outcome:
    if not case.expectations:
        return HELD
    try:
        output = trial.runner.output(prediction)
    except ServiceError as exc:
        return no(f"prediction {prediction.id}: a file of the output cannot be had ({exc})")
    # a runner that opens no files has not joined streamed text either
    output = output if isinstance(output, File) else joined(output, trial.version)
    evidence = Evidence(
        output=output,
        inputs=case.inputs,
        latency_s=waited_s if prediction.took_s is None else prediction.took_s,
        means=trial.means,
    )
    found = together(one.look(evidence) for one in case.expectations)
    return Outcome(found.holds, _named(prediction, found.reason), found.pictures)


def _named(prediction: Prediction, reason: str) -> str:
    return f"prediction {prediction.id}: {reason}" if reason else ""
