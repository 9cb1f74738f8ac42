"""What is expected of one prediction: what it is judged by, and what comes of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from safepush.compare import File


class Holds(StrEnum):
    """Whether an expectation holds; `unsure` is for a person to decide, and is never a yes.

    `not exercised`: nobody looked, and the configuration says that this is to be told only.
    """

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    NOT_EXERCISED = "not exercised"


Shown = tuple[str, bytes, str]


@dataclass(frozen=True)
class Outcome:
    """What came of an expectation, why, and (name, PNG, squares of text) of what shows it."""

    holds: Holds
    reason: str = ""
    pictures: tuple[Shown, ...] = ()


HELD = Outcome(Holds.YES)


def no(reason: str, pictures: tuple[Shown, ...] = ()) -> Outcome:
    """It does not hold."""
    return Outcome(Holds.NO, reason, pictures)


def unsure(reason: str) -> Outcome:
    """Nobody can tell."""
    return Outcome(Holds.UNSURE, reason)


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """All of them at once: the worst, with every reason that goes with it."""
    told = list(outcomes)
    for holds in (Holds.NO, Holds.UNSURE, Holds.NOT_EXERCISED):
        found = [one for one in told if one.holds is holds]
        if found:
            pictures = tuple(picture for one in found for picture in one.pictures)
            return Outcome(holds, "; ".join(one.reason for one in found), pictures)
    return HELD


def enough(outcomes: Sequence[Outcome], needed: int) -> Holds:
    """Whether so many of them hold; what is open could go either way."""
    yes = sum(one.holds is Holds.YES for one in outcomes)
    open_ = [one.holds for one in outcomes if one.holds not in (Holds.YES, Holds.NO)]
    if yes >= needed:
        return Holds.YES
    if yes + len(open_) < needed:
        return Holds.NO
    return Holds.UNSURE if Holds.UNSURE in open_ else Holds.NOT_EXERCISED


#: a description in words, the inputs and the output: what a judge says of it
Judging = Callable[[str, Mapping[str, Any], Any], Outcome]


def no_judge(wish: str, inputs: Mapping[str, Any], output: Any) -> Outcome:
    """The judge of those who have none."""
    return unsure("not exercised: there is no judge (set ANTHROPIC_API_KEY)")


def _nothing(address: str) -> bytes:
    raise ReferenceAway(address, "nothing fetches it here")


class ReferenceAway(Exception):
    """A file to compare with cannot be had; that is no verdict on the version."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address} cannot be had ({reason})")


@dataclass(frozen=True)
class Means:
    """What looking takes beyond the output itself."""

    fetch: Callable[[str], bytes] = _nothing
    judge: Judging = no_judge


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A prediction that succeeded.

    output: JSON value, streamed text joined, `File` where an output is a file.
    latency_s: what it took on the worker, where the server says so; else the waiting for it.
    """

    output: Any
    inputs: Mapping[str, Any] = field(default_factory=dict)
    latency_s: float | None = None
    means: Means = field(default_factory=Means)


class Expectation(Protocol):
    """One thing that must hold."""

    def look(self, evidence: Evidence) -> Outcome:
        """Whether it does."""
        ...


@dataclass(frozen=True)
class Not:
    """The opposite; what is unsure stays so."""

    key: str
    inner: Expectation

    def look(self, evidence: Evidence) -> Outcome:
        """Holds where the inner one does not."""
        found = self.inner.look(evidence)
        if found.holds is Holds.YES:
            return no(f"not-{self.key}: it holds, and should not")
        return HELD if found.holds is Holds.NO else found


def text_of(output: Any) -> str | None:
    """The text that an output is, or that is in the one file that it is; None where it is none."""
    if isinstance(output, File):
        try:
            return output.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None
    return output if isinstance(output, str) else None


def what(output: Any) -> str:
    """What an output is, without telling what is in it."""
    return "a file" if isinstance(output, File) else type(output).__name__


def readable(path: Path) -> bytes:
    """The content of a file that a configuration names."""
    return path.read_bytes()
