"""What inputs promise by their names about the output: how many, how large, of which kind."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from safepush.compare import File
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Inputs, Tried
from safepush.fuzz.promises.parts import Number, numbers, objects, texts
from safepush.fuzz.sent import given, sent_files

RULE = "fuzz-output-asked"


@dataclass(frozen=True, kw_only=True)
class Made:
    """An output with the inputs that it was made of, defaults among them."""

    inputs: Inputs
    changed: frozenset[str]
    output: Any

    # dozens of promises look at each, and there may be thousands of items: all is read once

    @cached_property
    def objects(self) -> tuple[Mapping[str, Any], ...]:
        """Every object of the output."""
        return tuple(objects(self.output))

    @cached_property
    def numbers(self) -> tuple[Mapping[tuple[str, ...], Number], ...]:
        """The numbers of each object that has any, by the words that they are named with."""
        return tuple(filter(None, map(numbers, self.objects)))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that its numbers are named with."""
        return frozenset(word for one in self.numbers for words in one for word in words)

    @cached_property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """(where, text) of each text of the output."""
        return tuple(texts(self.output))

    @cached_property
    def said(self) -> str:
        """All of these in one piece, with a sign between them that is of no word."""
        return "\0".join(text for _, text in self.texts)

    @cached_property
    def files(self) -> Mapping[str, File]:
        """The files that were sent, one for each input that is one."""
        return sent_files(self.inputs)

    @cached_property
    def given(self) -> str:
        """All that was sent as one text."""
        return given(self.inputs)


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
