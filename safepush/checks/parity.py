"""The candidate gives what the live version gives, as far as that gives the same twice."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from safepush import testcase
from safepush.checks.base import Item, Picture, Result, Runner, Trial, Verdict, skipped
from safepush.checks.lint import input_names, unknown_inputs
from safepush.compare import EXACT, Difference, Tolerance, compare
from safepush.config import Config
from safepush.errors import BudgetSpent, InvalidRequest, PredictionTimedOut
from safepush.parallel import each
from safepush.plain import plain

NAME = "parity"
#: of each case: the live version twice, the new one once
RUNS = 3
#: two runs show less than all there is
MARGIN = 2.0
#: a live version that differs from itself by more says nothing about another one
TOO_NOISY = Tolerance(number=0.5, text=0.3, block=48.0, structure=0.9, sound=0.2)
SHOWN = 5
MAX_PICTURES = 4


@dataclass(frozen=True)
class Case:
    """One test case side by side: the reasons against it, or why it was not judged, and limits.

    cut_short: whether it was not judged since the budget was spent.
    """

    reasons: tuple[str, ...] = ()
    not_judged: str | None = None
    cut_short: bool = False
    noise: Tolerance = EXACT
    limit: Tolerance = EXACT
    pictures: tuple[Picture, ...] = ()
    took_s: float = 0.0


class _NoOutput(Exception):
    """A version gave no output; the text says why."""


def planned(config: Config) -> int:
    """How many predictions it takes at most."""
    compared = [case for case in config.predict.test_cases if case.error_contains is None]
    return RUNS * len(compared) if config.predict.compare_outputs else 0


def check(trial: Trial) -> Result:
    """Passed when every case that can be judged is alike, and at least one can."""
    wanted = trial.config.predict.compare_outputs
    cases = [
        (number, case)
        for number, case in enumerate(trial.config.predict.test_cases)
        if case.error_contains is None
    ]
    if not wanted:
        return skipped(NAME, "predict.compare_outputs is not set; nothing was compared")
    if trial.version.state != "ready" or trial.live is None or trial.live_runner is None:
        return skipped(NAME, "there are no two versions to compare")
    if trial.live.id == trial.version.id:
        return skipped(NAME, "the version is live already")
    if not cases:
        return skipped(NAME, "no test cases that have an output; add predict.test_cases")
    found = each(
        lambda numbered: _timed(trial, *numbered), cases, trial.config.parallel, trial.stop
    )
    judged = {number: one for (number, _), one in zip(cases, found, strict=True)}
    items = [_item(number, case.line, judged[number]) for number, case in cases]
    return replace(_verdict(judged), items=tuple(items))


def _timed(trial: Trial, number: int, case: testcase.Case) -> Case:
    began = time.monotonic()
    try:
        found = _side_by_side(trial, case.inputs)
    except BudgetSpent as exc:
        found = Case(not_judged=str(exc), cut_short=True)
    shown = tuple(
        replace(one, name=f"parity-{number}-{at}") for at, one in enumerate(found.pictures)
    )
    return replace(found, took_s=time.monotonic() - began, pictures=shown)


def _item(number: int, line: int | None, case: Case) -> Item:
    verdict = Verdict.SKIPPED if case.not_judged is not None else Verdict.PASSED
    verdict = Verdict.UNSURE if case.cut_short else verdict
    not_judged = (f"not judged: {case.not_judged}",) if case.not_judged is not None else ()
    return Item(
        name=f"predict.test_cases[{number}]",
        verdict=Verdict.FAILED if case.reasons else verdict,
        reasons=(*case.reasons, *not_judged),
        line=line,
        took_s=case.took_s,
        pictures=case.pictures,
    )


def _verdict(cases: Mapping[int, Case]) -> Result:
    reasons = [
        f"predict.test_cases[{number}]: {reason}"
        for number, case in cases.items()
        for reason in case.reasons
    ]
    unjudged = [
        f"predict.test_cases[{number}] was not judged: {case.not_judged}"
        for number, case in cases.items()
        if case.not_judged is not None
    ]
    shown = [_limits(number, case) for number, case in cases.items() if case.not_judged is None]
    if reasons:
        return Result(NAME, Verdict.FAILED, (*reasons, *unjudged, *shown))
    if not shown:
        first = "nothing was compared: no case could be judged"
        return Result(NAME, Verdict.SKIPPED, (first, *unjudged))
    first = f"{len(shown)} of {len(cases)} cases gave what the live version gives"
    return Result(NAME, Verdict.PASSED, (first, *unjudged, *shown))


def _side_by_side(trial: Trial, inputs: Mapping[str, Any]) -> Case:
    """The candidate between two runs of the live version, so that a drift would show as noise."""
    live = trial.live_runner
    assert live is not None  # noqa: S101 (checked by the caller)
    unknown = [] if trial.live is None else unknown_inputs(trial.live, inputs)
    if unknown:  # it would drop them without a word, and make something else
        told = ", ".join(f"`{plain(name)}`" for name in unknown)
        return Case(not_judged=f"live does not take {told}")
    seeded = _seeded(trial, inputs)
    try:
        first = _output(live, seeded)
    except _NoOutput as exc:
        return Case(not_judged=f"the live version {exc}")
    try:
        ours = _output(trial.runner, seeded)
    except _NoOutput as exc:
        return Case(reasons=(f"the live version gave an output, this one {exc}",))
    try:
        second = _output(live, seeded)
    except _NoOutput as exc:
        return Case(not_judged=f"the live version gave an output once, then {exc}")
    return judged(first, second, ours, trial.config.predict.tolerance)


def judged(first: Any, second: Any, ours: Any, floor: Tolerance) -> Case:
    """One case, from two outputs of the live version and one of the candidate."""
    apart = compare(first, second, EXACT)
    loud = [one for one in apart if not TOO_NOISY.covers(one)]
    if loud:
        return Case(not_judged=f"the live version itself differs: {_told(loud[0])}")
    noise = _measured(apart)
    limit = _wider(floor, noise)
    found = min((compare(one, ours, limit) for one in (first, second)), key=len)
    reasons = tuple(map(_told, found[:SHOWN]))
    if len(found) > SHOWN:
        reasons = (*reasons, f"and {len(found) - SHOWN} more")
    shown = _pictures(first, ours) if reasons else ()
    return Case(reasons=reasons, noise=noise, limit=limit, pictures=shown)


def _pictures(live: Any, ours: Any) -> tuple[Picture, ...]:
    """Of each two pictures that stand at the same place and differ, how."""
    from safepush.compare import pictures as picture

    found = []
    for place, expected, actual in picture.pairs(live, ours)[:MAX_PICTURES]:
        png = picture.side_by_side(expected, actual, ("live", "new"))
        if png is not None:
            found.append(Picture(place, png, picture.text_map(expected, actual) or ""))
    return tuple(found)


def _measured(apart: tuple[Difference, ...]) -> Tolerance:
    """The largest amount of each kind."""
    found: dict[str, float] = {}
    for one in apart:
        if one.metric is not None:
            found[one.metric] = max(found.get(one.metric, 0.0), one.amount)
    return replace(EXACT, **found)


def _wider(floor: Tolerance, noise: Tolerance) -> Tolerance:
    names = [field.name for field in fields(Tolerance)]
    return Tolerance(
        **{name: max(getattr(floor, name), MARGIN * getattr(noise, name)) for name in names}
    )


def _seeded(trial: Trial, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """With a seed where both versions have one and the case gives none."""
    both = all("seed" in input_names(one) for one in (trial.live, trial.version) if one)
    return {"seed": trial.options.seed, **inputs} if both else inputs


def _output(runner: Runner, inputs: Mapping[str, Any]) -> Any:
    try:
        prediction = runner.predict(inputs)
    except InvalidRequest as exc:
        raise _NoOutput(f"refused the inputs: {plain(exc.detail)}") from exc
    except PredictionTimedOut as exc:
        raise _NoOutput(f"took too long: {exc}") from exc
    if prediction.status != "succeeded":
        error = plain(prediction.error or "no message")
        raise _NoOutput(f"{plain(prediction.status)} ({error})")
    return runner.output(prediction)


def _told(difference: Difference) -> str:
    return f"{plain(difference.place)}: {plain(difference.detail)}"


def _limits(number: int, case: Case) -> str:
    names = [one.name for one in fields(Tolerance)]
    told = [
        f"{name} {getattr(case.noise, name):.3g} (limit {getattr(case.limit, name):.3g})"
        for name in names
        if getattr(case.noise, name) or getattr(case.limit, name)
    ]
    return (
        f"predict.test_cases[{number}], live against itself: {', '.join(told) or 'no difference'}"
    )
