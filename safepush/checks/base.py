"""What a check is given, and what it says."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from safepush.answers import Prediction, Version
from safepush.config import Config
from safepush.errors import BudgetSpent
from safepush.expectations import Means
from safepush.findings import NO_EXAMPLE, Finding, Judgement, Level
from safepush.options import Budget, Meter, Options
from safepush.plain import plain
from safepush.thinker import Thinker

SHOWN_CHARACTERS = 160


class Verdict(StrEnum):
    """A check that cannot judge says skipped; it never says passed.

    `unsure`: it looked, and a person must decide; nothing is promoted until then.
    """

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNSURE = "unsure"


WORST_FIRST = (Verdict.FAILED, Verdict.UNSURE, Verdict.PASSED, Verdict.SKIPPED)


@dataclass(frozen=True)
class Picture:
    """A picture that shows a difference: PNG, and the same in coloured squares of text."""

    name: str
    png: bytes
    squares: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that a check looked at, such as a test case.

    name: its place in the configuration. line: where that is in the file. took_s: all of it.
    """

    name: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    line: int | None = None
    took_s: float = 0.0
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Result:
    """One check's verdict, with the reasons for it, and what it looked at one by one."""

    check: str
    verdict: Verdict
    reasons: tuple[str, ...]
    judgement: Judgement | None = None
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Runner:
    """One version at work: `predict` runs a prediction, `output` is its output, files opened.

    `predict` takes the inputs and, where it is not the usual one, `limit_s`.
    """

    predict: Callable[..., Prediction]
    output: Callable[[Prediction], Any] = lambda prediction: prediction.output


@dataclass(frozen=True, kw_only=True)
class Trainer:
    """Trainings of the candidate, whose versions belong to the model `destination`.

    train: runs one to its end, given the inputs. trained: a version of the destination by its id,
    settled, and at work. forget: removes one. offered: whether the server trains at all.
    """

    destination: str
    offered: Callable[[], bool]
    train: Runner
    trained: Callable[[str], tuple[Version, Runner]]
    forget: Callable[[str], None] = lambda version: None


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The candidate under trial, and the version that callers have now, if there is one."""

    version: Version
    config: Config
    runner: Runner
    live: Version | None = None
    live_runner: Runner | None = None
    trainer: Trainer | None = None
    #: the candidate once more, in a process of its own; nothing where the server has no such thing
    twin: Callable[[], AbstractContextManager[Runner | None]] = nullcontext
    means: Means = field(default_factory=Means)
    options: Options = field(default_factory=Options)
    #: what the run uses, and what of it there was no budget for
    meter: Meter = field(default_factory=lambda: Meter(Budget()))
    #: ends what is under way, in any thread
    stop: Callable[[], None] = lambda: None
    #: a language model that thinks of inputs, or why there is none
    thinker: Thinker | str = "none was set up"
    #: the candidate's files, where they are at hand
    folder: Path | None = None
    say: Callable[[str], None] = lambda text: None

    def predict(self, inputs: Mapping[str, Any]) -> Prediction:
        """One prediction of the candidate."""
        return self.runner.predict(inputs)


def passed(check: str, reason: str) -> Result:
    """It holds."""
    return Result(check, Verdict.PASSED, (reason,))


def failed(check: str, reasons: Sequence[str]) -> Result:
    """It does not, for each of these reasons."""
    return Result(check, Verdict.FAILED, tuple(reasons))


def skipped(check: str, reason: str) -> Result:
    """There was nothing to judge, or no means to."""
    return Result(check, Verdict.SKIPPED, (reason,))


def unsure(check: str, reasons: Sequence[str]) -> Result:
    """A person must decide, for each of these reasons."""
    return Result(check, Verdict.UNSURE, tuple(reasons))


def gathered(check: str, items: Sequence[Item], first: str) -> Result:
    """The verdict over all that was looked at; `first` is said where none of it fails."""
    verdict = next(
        (one for one in WORST_FIRST if any(item.verdict is one for item in items)), Verdict.SKIPPED
    )
    told = [
        f"{item.name}: {reason}"
        for wanted in WORST_FIRST
        for item in items
        if item.verdict is wanted
        for reason in item.reasons
    ]
    lines = told if verdict in (Verdict.FAILED, Verdict.UNSURE) else [first, *told]
    return Result(check, verdict, tuple(lines), items=tuple(items))


def cut_short(result: Result, spent: BudgetSpent, made: int, planned: int, less: str) -> Result:
    """What a check came to for which the budget did not suffice: a failure, or nobody can tell.

    `made` predictions of the `planned` ones; `less`: how to ask for less.
    """
    if spent.unit == "tokens":
        told = "the budget is spent, and the language model was to be asked more"
    elif made < planned:
        told = f"the budget is spent after {made} of {planned} predictions"
    else:
        told = f"the budget is spent after {made} predictions, and more were needed"
    told += f" (--budget {spent.unit}={spent.limit}); allow more{less}"
    if result.verdict is Verdict.FAILED:
        return replace(result, reasons=(*result.reasons, told))
    return replace(result, verdict=Verdict.UNSURE, reasons=(told, *result.reasons))


def judged(check: str, judgement: Judgement, what: str) -> Result:
    """The verdict on a schema by rules; `what` is what was looked at."""
    told = [line for one in judgement.findings for line in finding_lines(one)]
    told += [f"accepted {plain(one.key)}" for one in judgement.accepted]
    told += [f"accepts nothing any more; take it out: {plain(key)}" for key in judgement.unused]
    if judgement.held:
        first = f"{what}{_counted(judgement.findings)}"
        return Result(check, Verdict.PASSED, (first, *told), judgement)
    return Result(check, Verdict.FAILED, (*told, way_out(check)), judgement)


def way_out(check: str) -> str:
    """What lets a finding be."""
    return (
        f"(to accept one, name it in safepush.yaml under {check}.accept as `finding`, in quotes; "
        "the level before it may be left out)"
    )


def finding_lines(finding: Finding) -> tuple[str, str]:
    """A finding for people: what is so, then what it does and the value that shows it."""
    shown = ""
    if finding.example is not NO_EXAMPLE:
        shown = f", for example {_excerpt(finding.shown)}"
    return (f"{finding.level} {plain(finding.key)}", f"  {finding.rule.why}{shown}")


def _counted(findings: Sequence[Finding]) -> str:
    counts = Counter(one.level for one in findings)
    told = [f"{counts[level]} {level}" for level in Level if counts[level]]
    return f" ({', '.join(told)})" if told else ""


def _excerpt(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= SHOWN_CHARACTERS:
        return plain(text)
    return f"{plain(text[:SHOWN_CHARACTERS])}… ({len(text):,} characters of JSON)"
