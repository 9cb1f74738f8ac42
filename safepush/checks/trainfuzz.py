"""Odd inputs for trainings: the fuzzer, told that a training is a prediction without an output."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from safepush.answers import Prediction
from safepush.checks.base import Item, Trainer, Trial, Verdict
from safepush.checks.trained import forget, why_unusable
from safepush.errors import SchemaInvalid
from safepush.fuzz.campaign import Campaign
from safepush.fuzz.code import source
from safepush.fuzz.fields import fields_of
from safepush.fuzz.found import Found
from safepush.fuzz.runs import Runs
from safepush.fuzz.task import Outcome, Task
from safepush.peer import Fuzz, Train
from safepush.plain import plain

NAME = "train.fuzz"
SHOWN_CHARACTERS = 300


@dataclass(frozen=True)
class Fuzzed:
    """One item for each flaw, or one for none; and what could not be told."""

    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()


def run(trial: Trial, section: Train, trainer: Trainer) -> Fuzzed:
    """As many trainings as the section says, and those that confirm what was found."""
    fuzz, schema = section.fuzz, trial.version.schema
    if fuzz is None or not fuzz.iterations or schema is None:
        return Fuzzed()
    document = as_prediction(schema)
    try:
        fields = fields_of(document)
    except SchemaInvalid as exc:
        told = f"the inputs cannot be read from the schema: {exc}"
        return Fuzzed((Item(name=NAME, verdict=Verdict.SKIPPED, reasons=(told,)),))
    alone = {*fuzz.fixed_inputs, *fuzz.disabled_inputs}
    task = Task(
        schema=document,
        fields=tuple(one for one in fields if one.name not in alone),
        source=source.read(trial.folder),
        given=_given(section, fuzz),
        budget=fuzz.iterations,
        seed=trial.options.seed,
        say=lambda text: trial.say(f"train, {text}"),
    )
    return _fuzzed(trial, section, Campaign(task, _runs(trial, section, trainer)).run())


def as_prediction(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A document that says of predictions what it says of trainings, outputs apart."""
    schemas = {**schema["components"]["schemas"]}
    schemas["Input"] = schemas.pop("TrainingInput")
    for name in ("Output", "TrainingOutput"):
        schemas.pop(name, None)
    return {**schema, "components": {**schema["components"], "schemas": schemas}}


def _runs(trial: Trial, section: Train, trainer: Trainer) -> Runs:
    def train(inputs: Mapping[str, Any], limit_s: float) -> Prediction:
        made = trainer.train.predict(inputs, limit_s=limit_s)
        if made.status == "succeeded":
            wrong = why_unusable(trainer, made)
            forget(trainer, made)
            if wrong is not None:
                made = replace(made, status="failed", error=f"RuntimeError: {wrong}")
        # weights are other ones each time, and a training's process ends with it
        return replace(made, output=None, usage=None)

    return Runs(
        train,
        lambda training: None,
        parallel=trial.config.parallel,
        longest_s=section.train_timeout_s,
        limit_s=section.train_timeout_s,
        stop=trial.stop,
    )


def _given(section: Train, fuzz: Fuzz) -> Mapping[str, Any]:
    good = (case.inputs for case in section.test_cases if case.error_contains is None)
    told = {name: one for name, one in next(good, {}).items() if name not in fuzz.disabled_inputs}
    return {**told, **fuzz.fixed_inputs}


def _fuzzed(trial: Trial, section: Train, outcome: Outcome) -> Fuzzed:
    judgement = trial.config.fuzz.policy.judge(one.finding for one in outcome.found)
    by_key = {one.finding.key: one for one in outcome.found}
    told = f"{outcome.predictions} trainings, {outcome.took} of them succeeded"
    verdict = Verdict.PASSED if judgement.held else Verdict.FAILED
    if judgement.held and outcome.unconfirmed:
        verdict = Verdict.UNSURE
        told += f"; the budget ended before {outcome.unconfirmed} suspicions were confirmed"
    elif judgement.held and outcome.cut_short:
        verdict = Verdict.UNSURE
        told += "; the budget ended before all were made"
    elif judgement.held and not outcome.took:
        verdict = Verdict.SKIPPED
        told += "; nothing was judged"
    reasons = [told]
    for one in judgement.findings:
        reasons += _reasons(trial, section, by_key[one.key])
    notes = tuple(f"{NAME}: {plain(note)}" for note in outcome.notes if "not exercised" not in note)
    return Fuzzed((Item(name=NAME, verdict=verdict, reasons=tuple(reasons)),), notes)


def _reasons(trial: Trial, section: Train, one: Found) -> Iterator[str]:
    yield f"{one.finding.level} {plain(one.finding.key)}: {plain(one.detail)}"
    fuzz = section.fuzz
    private = section.test_cases or (fuzz is not None and fuzz.fixed_inputs)
    text = json.dumps(one.case, ensure_ascii=False)
    if len(text) <= SHOWN_CHARACTERS and (trial.options.show_inputs or not private):
        yield f"  as a test case of train: - {plain(text)}"
