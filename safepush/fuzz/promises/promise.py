"""What inputs promise by their names about the output: how many, how large, of which kind."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Inputs, Tried

RULE = "fuzz-output-asked"


@dataclass(frozen=True, kw_only=True)
class Made:
    """An output with the inputs that it was made of, defaults among them."""

    inputs: Inputs
    changed: frozenset[str]
    output: Any


@dataclass(frozen=True, kw_only=True)
class Promise:
    """`kept` says whether an output is so, or None where nobody can tell; `broken` tells people."""

    broken: str
    kept: Callable[[Made], bool | None]
    rule: str = RULE
    #: whether it counts even where the usual output says nothing of it
    always: bool = False
    #: whether it counts even where the usual output breaks it: it cannot be meant otherwise
    firm: bool = False


def made(fields: Iterable[Field], tried: Tried) -> Made:
    """A prediction as promises look at it."""
    defaults = {one.name: one.default for one in fields}
    inputs = {**defaults, **tried.probe.inputs}
    return Made(inputs=inputs, changed=frozenset(tried.probe.changed), output=tried.output)


def kept(promises: Iterable[Promise], usual: Made) -> tuple[Promise, ...]:
    """Those that hold with the usual inputs: a name alone may mean something else."""
    return tuple(
        one for one in promises if one.firm or one.kept(usual) or (one.always and _open(one, usual))
    )


def _open(promise: Promise, usual: Made) -> bool:
    return promise.kept(usual) is None


def broken(promises: Sequence[Promise], told: Made) -> Iterator[Promise]:
    """Those that an output does not hold to."""
    return (one for one in promises if one.kept(told) is False)
