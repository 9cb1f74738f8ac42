"""What is wrong with a schema, by rules with stable ids whose levels a committed file may move."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

#: a change that is longer ends in a hash, so that it can still be named in a configuration
MAX_CHANGE = 160


class Level(StrEnum):
    """How much a finding weighs, from most to none; `off` is not even told."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"


class _NoExample:
    """There is no value to show; None is a value."""

    def __repr__(self) -> str:
        return "NO_EXAMPLE"


NO_EXAMPLE: Final[Any] = _NoExample()


@dataclass(frozen=True)
class Rule:
    """One thing that may be wrong: its id never changes; `why` is what it does to a caller."""

    id: str
    level: Level
    why: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule that does not hold, where, and what is so there.

    `example` is a value that shows it, as small as we could make it: one that is good by one schema
    and bad by the other, or the default that is itself out of bounds. `member` is where in it to
    look, if it is an object. With a `line` it is about the model's code, and `place` is the file.
    """

    rule: Rule
    place: str
    change: str
    level: Level
    example: Any = NO_EXAMPLE
    member: str | None = None
    line: int | None = None

    @property
    def shown(self) -> Any:
        """The example without what must stand beside it, as far as it is in one member."""
        is_one = isinstance(self.example, dict) and self.member in self.example
        return {self.member: self.example[self.member]} if is_one else self.example

    @property
    def told(self) -> str:
        """Where, what, and why it matters."""
        return f"{self.place}: {self.change}. {self.rule.why}"

    @property
    def key(self) -> str:
        """What a configuration names to accept exactly this, and nothing that comes later."""
        return f"{self.rule.id} at {self.place}: {self.change}"


def found(
    rule: Rule, place: str, change: str, example: Any = NO_EXAMPLE, line: int | None = None
) -> Finding:
    """A finding at its rule's own level."""
    told = _short(change)
    return Finding(
        rule=rule, place=place, change=told, level=rule.level, example=example, line=line
    )


def placed(root: str, *steps: str) -> str:
    """A place on one line: `input.boxes[].w`; "[]" is each item, "*" any other name."""
    return root + "".join(map(_step, steps))


def _step(step: str) -> str:
    if step == "[]":
        return step
    return f".{step}" if step == "*" or re.fullmatch(r"\w+", step) else f"[{step!a}]"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) <= MAX_CHANGE:
        return plain
    return f"{plain[:MAX_CHANGE]}… {hashlib.sha256(plain.encode()).hexdigest()[:8]}"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a team decided: other levels by rule id, accepted findings by key, what fails a check.

    `fail_on` is the least level that fails; `off` stands for never.
    """

    levels: Mapping[str, Level] = field(default_factory=dict)
    accepted: Mapping[str, str] = field(default_factory=dict)
    fail_on: Level = Level.ERROR

    def judge(self, findings: Iterable[Finding]) -> "Judgement":
        """The findings at their levels, without those that are accepted or off."""
        told: list[Finding] = []
        accepted: list[Finding] = []
        for one in findings:
            levelled = replace(one, level=self.levels.get(one.rule.id, one.level))
            if levelled.level is Level.OFF:
                continue
            (accepted if one.key in self.accepted else told).append(levelled)
        unused = set(self.accepted) - {one.key for one in accepted}
        return Judgement(
            findings=tuple(sorted(told, key=lambda one: _WEIGHTS.index(one.level))),
            accepted=tuple(accepted),
            unused=tuple(key for key in self.accepted if key in unused),
            fail_on=self.fail_on,
        )


_WEIGHTS = tuple(Level)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What is left of the findings under a policy; `unused` accepts nothing that is there."""

    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    unused: tuple[str, ...]
    fail_on: Level

    @property
    def held(self) -> bool:
        """Whether nothing weighs as much as what fails."""
        return not any(map(self.fails, self.findings))

    def fails(self, finding: Finding) -> bool:
        """Whether it weighs as much as what fails."""
        if self.fail_on is Level.OFF:
            return False
        return _WEIGHTS.index(finding.level) <= _WEIGHTS.index(self.fail_on)
