"""The `train` section: trainings of the candidate, the versions that they make, and odd inputs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from safepush.answers import Prediction, Version
from safepush.checks import cases
from safepush.checks.base import (
    Item,
    Result,
    Runner,
    Trainer,
    Trial,
    Verdict,
    failed,
    gathered,
    skipped,
    unsure,
)
from safepush.checks.trained import NoVersion, forget, made_by
from safepush.compat import compare
from safepush.errors import NotFound, NotReady, SchemaInvalid
from safepush.parallel import each
from safepush.peer import Train
from safepush.plain import plain
from safepush.testcase import Case

NAME = "train"
NOTHING = "nothing to try: the section train has neither test_cases nor fuzz"


def planned(section: Train | None) -> int:
    """How many trainings it takes at most, and predictions of what they make."""
    if section is None:
        return 0
    made = section.test_cases
    tried = (1 if one.trained is None else cases.planned(one.trained) for one in made)
    odd = section.fuzz.iterations if section.fuzz is not None else 0
    return cases.planned(made) + sum(tried) + odd


def check(trial: Trial) -> Result:
    """Passed when every training of the section holds, and so does each version that it makes."""
    section, trainer = trial.config.train, trial.trainer
    if section is None or trainer is None:
        return skipped(NAME, "there is no train section")
    if trial.version.state != "ready":
        return skipped(NAME, "the version is not ready")
    if not section.test_cases and (section.fuzz is None or not section.fuzz.iterations):
        return unsure(NAME, [NOTHING])
    if not trainer.offered():
        count = len(section.test_cases)
        return unsure(NAME, [f"not exercised: this server has no trainings ({count} test cases)"])
    if not trains(trial.version):
        return failed(NAME, ["the version cannot be trained: cog.yaml has no `train`"])
    return _together(trial, section, trainer)


def trains(version: Version) -> bool:
    """Whether a version's document says how to train it."""
    found: Any = version.schema
    for step in ("components", "schemas", "TrainingInput"):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found is not None


def _together(trial: Trial, section: Train, trainer: Trainer) -> Result:
    # few models are trained, and importing the fuzzer takes long
    from safepush.checks import trainfuzz

    items = each(
        lambda numbered: list(_case(trial, trainer, *numbered)),
        enumerate(section.test_cases),
        trial.config.parallel,
        trial.stop,
    )
    told = [one for group in items for one in group]
    held = sum(one.verdict is Verdict.PASSED for one in told)
    first = f"{held} of {len(told)} held (trainings, and what the trained versions gave)"
    fuzz = trainfuzz.run(trial, section, trainer)
    result = gathered(NAME, [*told, *fuzz.items], first)
    return replace(result, reasons=(*result.reasons, *fuzz.notes))


def _case(trial: Trial, trainer: Trainer, number: int, case: Case) -> Iterator[Item]:
    """The training itself, then what the version that came of it gives."""
    name = f"train.test_cases[{number}]"
    ended: list[Prediction] = []

    def train(inputs: Mapping[str, Any]) -> Prediction:
        ended.append(trainer.train.predict(inputs))
        return ended[-1]

    trial.say(f"training {name}")
    at_work = replace(trial, runner=Runner(train, trainer.train.output))
    item = cases.item(at_work, name, case, "TrainingInput")
    yield item
    made = [one for one in ended if one.status == "succeeded"]
    if item.verdict is not Verdict.FAILED and made:
        yield from _trained(trial, trainer, name, case, made[-1])
    for one in made:
        forget(trainer, one)


def _trained(
    trial: Trial, trainer: Trainer, name: str, case: Case, training: Prediction
) -> Iterator[Item]:
    """Its version: that it is one, that callers can use it, and its cases."""
    try:
        version, runner = trainer.trained(made_by(training, trainer.destination))
    except (NoVersion, NotFound, NotReady) as exc:
        yield _failed(f"{name} version", case, plain(exc))
        return
    reason = _unusable(trial, version)
    if reason is not None:
        yield _failed(f"{name} version", case, reason)
        return
    at_work = replace(trial, version=version, runner=runner)
    for number, one in enumerate(_cases(trial, case)):
        yield cases.item(at_work, f"{name}.predict[{number}]", one)


def _cases(trial: Trial, case: Case) -> tuple[Case, ...]:
    """Those of the training; without a word of them it must take what the candidate takes."""
    if case.trained is not None:
        return case.trained
    good = (one for one in trial.config.predict.test_cases if one.error_contains is None)
    usual = next(good, Case(inputs={}))
    return (Case(inputs=usual.inputs, line=case.line),)


def _unusable(trial: Trial, version: Version) -> str | None:
    """Why callers of the candidate cannot use what was trained from it."""
    if version.state != "ready" or version.schema is None:
        return f"is {version.state}: {plain(version.error or 'no reason given')}"
    try:
        found = compare(trial.version.schema, version.schema, names=("the schema", "the trained"))
    except SchemaInvalid as exc:
        return str(exc)
    judgement = trial.config.compatibility.judge(found)
    return None if judgement.held else f"is another model: {plain(judgement.findings[0].key)}"


def _failed(name: str, case: Case, reason: str) -> Item:
    return Item(name=name, verdict=Verdict.FAILED, reasons=(reason,), line=case.line)
