"""What a run of the fuzzer is given, and what came of it, as values."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from safepush.compare import USUAL, Tolerance
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.found import Found
from safepush.fuzz.runs import Runs


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it: what was found, what could not be told, and how much was tried.

    took: predictions that succeeded. unconfirmed: suspicions that there was no budget left for.
    is_at_end: whether the budget ended it, and not that there was no more to try. cut_short:
    whether there was no budget for what was still to be made.
    """

    found: Sequence[Found] = ()
    notes: Sequence[str] = ()
    predictions: int = 0
    took: int = 0
    unconfirmed: int = 0
    is_at_end: bool = False
    cut_short: bool = False
    layers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be tried: `fields` may be varied, `given` is known to be good or is fixed."""

    schema: Any
    fields: Sequence[Field]
    source: Source
    given: Mapping[str, Any] = field(default_factory=dict)
    budget: int = 100
    seed: int = 1
    alike: Tolerance = USUAL
    say: Callable[[str], None] = lambda text: None
    #: inputs that somebody thinks of, told what is known by then
    think: Callable[[Sequence[str]], Sequence[Mapping[str, Any]]] = lambda found: ()
    #: the same version in another process, where one can be had; asked for once at most
    elsewhere: Callable[[], AbstractContextManager[Runs | None]] = nullcontext
