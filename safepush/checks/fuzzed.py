"""What the fuzzer, `safepush.fuzz`, found in a version, as a check says it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from safepush.checks.base import Result, Trial, Verdict, finding_lines, skipped, way_out
from safepush.checks.lint import input_names, unknown_inputs
from safepush.config import Config
from safepush.errors import SchemaInvalid
from safepush.findings import Judgement
from safepush.fuzz.campaign import Campaign
from safepush.fuzz.code import source
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field, fields_of
from safepush.fuzz.found import Found, save
from safepush.fuzz.process import leaks
from safepush.fuzz.process.elsewhere import CAUSE as ELSEWHERE
from safepush.fuzz.runs import Runs
from safepush.fuzz.settings import NAME, Fuzzing
from safepush.fuzz.task import Outcome, Task
from safepush.plain import plain
from safepush.thinker import Subject

#: a longer test case is only in its file
SHOWN_CHARACTERS = 300
#: of what a whole run may use, so much at most looks for flaws; the rest is to confirm them
SHARE = 0.7


def check(trial: Trial, settings: Fuzzing, schema: Mapping[str, Any]) -> Result:
    """Passed when nothing was found that weighs as much as what fails."""
    try:
        fields = fields_of(schema)
    except SchemaInvalid as exc:
        return skipped(NAME, f"the inputs cannot be read from the schema: {exc}")
    task = _task(trial, settings, fields)
    outcome = Campaign(task, _runs(trial, settings)).run()
    if outcome.is_at_end and task.budget < settings.budget:
        trial.meter.keep()
    return _result(trial, settings, outcome)


def _task(trial: Trial, settings: Fuzzing, fields: tuple[Field, ...]) -> Task:
    alone = {*settings.fixed_inputs, *settings.disabled_inputs}
    varied = tuple(one for one in fields if one.name not in alone)
    code = source.read(trial.folder)
    whole, budget = trial.options.budget.predictions, settings.budget
    return Task(
        schema=trial.version.schema,
        fields=varied,
        source=code,
        given=_given(trial.config, settings, fields),
        budget=budget if whole is None else min(budget, max(1, int(whole * SHARE))),
        seed=trial.options.seed,
        alike=trial.config.predict.tolerance,
        say=trial.say,
        think=_think(trial, varied, code),
        elsewhere=lambda: _elsewhere(trial, settings),
    )


def _think(
    trial: Trial, fields: Sequence[Field], code: source.Source
) -> Callable[[Sequence[str]], Sequence[Mapping[str, Any]]]:
    """Asks the language model, if there is one."""
    asked = trial.thinker
    if isinstance(asked, str):
        return lambda found: ()
    theirs = trial.config.predict.fuzz
    wish = (theirs.prompt if theirs is not None else None) or ""
    schema = trial.version.schema
    subject = Subject(fields=fields, schema=schema, source=code.text, wish=wish)
    return lambda found: asked(subject, found)


def _thought(trial: Trial) -> str:
    """What came of it, for people."""
    asked = trial.thinker
    if isinstance(asked, str):
        return f"not exercised: inputs thought of by a language model ({asked})"
    trouble = f"; {asked.trouble}" if asked.trouble else ""
    dropped = f"; {asked.dropped} of its inputs could not be sent" if asked.dropped else ""
    return f"a language model was asked {asked.asked} times for inputs{dropped}{trouble}"


def _unknown(trial: Trial, settings: Fuzzing) -> Iterator[str]:
    """Inputs that are fixed or left out under a name that the version does not have."""
    for key, named in (
        ("fixed_inputs", settings.fixed_inputs),
        ("disabled_inputs", dict.fromkeys(settings.disabled_inputs)),
    ):
        names = ", ".join(f"`{one}`" for one in unknown_inputs(trial.version, named))
        if names:
            known = ", ".join(input_names(trial.version)) or "none"
            yield f"{key} names {names}, which the version does not take; it takes: {known}"


def _unmade(trial: Trial) -> Iterator[str]:
    missing = media.untold(fields_of(trial.version.schema))
    if missing is not None:
        yield f"not exercised: files of a kind that cannot be made here: {missing}"


def _runs(trial: Trial, settings: Fuzzing) -> Runs:
    return Runs(
        trial.runner.predict,
        trial.runner.output,
        parallel=trial.config.parallel,
        longest_s=trial.config.predict.predict_timeout_s,
        limit_s=settings.timeout_s,
        stop=trial.stop,
    )


@contextmanager
def _elsewhere(trial: Trial, settings: Fuzzing) -> Iterator[Runs | None]:
    with trial.twin() as twin:
        yield None if twin is None else _runs(replace(trial, runner=twin), settings)


def _given(config: Config, settings: Fuzzing, fields: tuple[Field, ...]) -> Mapping[str, Any]:
    """Inputs that are good: those of the first test case that must succeed, and the fixed ones."""
    good = (case.inputs for case in config.predict.test_cases if case.error_contains is None)
    known = {one.name for one in fields} - set(settings.disabled_inputs)
    told = {name: value for name, value in next(good, {}).items() if name in known}
    return {**told, **settings.fixed_inputs}


def _result(trial: Trial, settings: Fuzzing, outcome: Outcome) -> Result:
    judgement = settings.policy.judge(one.finding for one in outcome.found)
    first = "no prediction was made; "
    if outcome.predictions:
        first = (
            f"{outcome.predictions} predictions with seed {trial.options.seed}, {outcome.took} of "
            f"the first {sum(outcome.layers.values())} succeeded; "
        )
    told = list(_findings(trial, judgement, outcome))
    told += [f"accepted {plain(one.key)}" for one in judgement.accepted]
    untold = (*_unknown(trial, settings), *outcome.notes, _thought(trial), *_unmade(trial))
    notes = [plain(note) for note in untold]
    if not judgement.held:
        count = len(judgement.findings)
        reasons = (*told, f"{first}{count} found", *notes, way_out(NAME))
        return Result(NAME, Verdict.FAILED, reasons, judgement)
    if outcome.unconfirmed:
        left = f"{first}the budget ended before {outcome.unconfirmed} suspicions were confirmed"
        return Result(NAME, Verdict.UNSURE, (left, *told, *notes), judgement)
    if not outcome.took:
        return Result(NAME, Verdict.SKIPPED, (f"{first}nothing was judged", *notes), judgement)
    return Result(NAME, Verdict.PASSED, (f"{first}nothing fails", *told, *notes), judgement)


def _findings(trial: Trial, judgement: Judgement, outcome: Outcome) -> Iterator[str]:
    """What was found, how to try it again, and the test case that keeps it from coming back."""
    by_key = {one.finding.key: one for one in outcome.found}
    for finding in judgement.findings:
        one = by_key[finding.key]
        yield from finding_lines(finding)
        yield f"  {plain(one.detail)}"
        if one.cause == ELSEWHERE:
            continue  # neither a test case nor a replay has two processes
        if trial.folder is not None:
            place = save(
                one,
                trial.folder,
                model=trial.config.model,
                version=trial.version.id,
                seed=trial.options.seed,
            )
            yield f"  try it again: safepush replay {plain(place)}"
        yield from _case(trial, one)


def _case(trial: Trial, one: Found) -> Iterator[str]:
    """The test case, unless it is long or holds what the configuration says: that is private."""
    given = trial.config.predict.fuzz or trial.config.fuzz
    private = given.fixed_inputs or trial.config.predict.test_cases
    text = json.dumps(one.case, ensure_ascii=False)
    if one.rule in leaks.RULES:
        return  # no test case shows it: each of these predictions is fine by itself
    if len(text) <= SHOWN_CHARACTERS and (trial.options.show_inputs or not private):
        yield f"  as a test case: - {plain(text)}"
    elif trial.folder is not None:
        yield "  as a test case: `test_case` in that file"
