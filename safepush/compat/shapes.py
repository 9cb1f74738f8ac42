"""The normal form of a schema: a union of branches, each of one kind and with nothing implied."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final, NamedTuple

from safepush.findings import NO_EXAMPLE

NO_DEFAULT = NO_EXAMPLE
Opaque = frozenset[str]
NOTHING_OPAQUE: Opaque = frozenset()


class Bound(NamedTuple):
    """An end of a range; open where the value itself is outside."""

    value: Fraction
    open: bool = False


@dataclass(frozen=True, eq=False)
class Choices:
    """A finite set of values of any kind; null and the booleans are such sets too."""

    values: tuple[Any, ...]
    opaque: Opaque = NOTHING_OPAQUE


@dataclass(frozen=True, eq=False)
class Numbers:
    """A range of numbers, those on a grid through zero where there is a `step` (integers: 1)."""

    low: Bound | None = None
    high: Bound | None = None
    step: Fraction | None = None
    opaque: Opaque = NOTHING_OPAQUE

    @property
    def is_integer(self) -> bool:
        """Whether every number in it is whole."""
        return self.step is not None and self.step.denominator == 1


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts by length in code points, by patterns that all match somewhere, and by meaning."""

    shortest: int = 0
    longest: int | None = None
    patterns: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    is_file: bool = False
    is_secret: bool = False
    opaque: Opaque = NOTHING_OPAQUE


@dataclass(frozen=True, eq=False)
class Lists:
    """Lists by length and by what each item may be; streamed ones come piece by piece."""

    items: "Shape"
    fewest: int = 0
    most: int | None = None
    unique: bool = False
    is_streamed: bool = False
    is_joined: bool = False
    opaque: Opaque = NOTHING_OPAQUE


@dataclass(frozen=True, eq=False)
class Member:
    """What an object may hold under one name."""

    shape: "Shape"
    required: bool


@dataclass(frozen=True, eq=False)
class Objects:
    """Objects by their members.

    `rest` is what stands under any other name. None: nobody puts anything there, and if somebody
    does it is ignored, as Cog does; NEVER: it is refused.
    """

    members: Mapping[str, Member]
    rest: "Shape | None"
    opaque: Opaque = NOTHING_OPAQUE


Branch = Choices | Numbers | Texts | Lists | Objects


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a schema says beside which values it takes."""

    default: Any = NO_DEFAULT
    deprecated: bool = False
    accept: str | None = None


@dataclass(frozen=True, eq=False)
class Shape:
    """The values in any of the branches; without branches there are none."""

    branches: tuple[Branch, ...]
    facts: Facts = field(default_factory=Facts)

    @property
    def is_never(self) -> bool:
        """Whether no value is in it."""
        return not self.branches

    @property
    def is_any(self) -> bool:
        """Whether every value is in it."""
        return self.branches is ANY.branches

    @property
    def takes_null(self) -> bool:
        """Whether null is among its values."""
        return any(None in one.values for one in self.branches if isinstance(one, Choices))


NEVER: Final = Shape(())
ANY: Final = Shape(())
object.__setattr__(  # it holds itself: any list of anything
    ANY,
    "branches",
    (Choices((None, True, False)), Numbers(), Texts(), Lists(ANY), Objects({}, ANY)),
)


def kind(value: object) -> str:
    """A JSON value's kind."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


_KINDS = {Numbers: "number", Texts: "string", Lists: "array", Objects: "object"}


def kinds(shape: Shape) -> set[str]:
    """The kinds of the values in a shape."""
    return {one for branch in shape.branches for one in branch_kinds(branch)}


def branch_kinds(branch: Branch) -> Iterator[str]:
    """The kinds of the values in a branch; only of choices are there several."""
    if isinstance(branch, Choices):
        yield from map(kind, branch.values)
    else:
        yield _KINDS[type(branch)]


def key(value: Any) -> Any:
    """A JSON value as something hashable that is equal where the values are: 1 is 1.0, not true."""
    if isinstance(value, list):
        return ("array", tuple(map(key, value)))
    if isinstance(value, dict):
        return ("object", frozenset((name, key(member)) for name, member in value.items()))
    return (kind(value), exact(value) if kind(value) == "number" else value)


def exact(number: float) -> Fraction:
    """A JSON number as what its digits say: 0.1 is a tenth."""
    return Fraction(number) if isinstance(number, int) else Fraction(repr(number))


def number(value: Fraction) -> int | float:
    """A number as JSON has it."""
    return value.numerator if value.denominator == 1 else float(value)


def tight(range: Numbers) -> "Numbers | Choices | None":
    """A range whose ends are themselves in it where that can be; None where nothing is."""
    low, high = range.low, range.high
    if range.step is not None:
        low = low and Bound(_on_grid(low, range.step, up=True))
        high = high and Bound(_on_grid(high, range.step, up=False))
    if low is None or high is None or low.value < high.value:
        return replace(range, low=low, high=high)
    if low.value > high.value or low.open or high.open:
        return None
    return Choices((number(low.value),), range.opaque)


def _on_grid(bound: Bound, step: Fraction, *, up: bool) -> Fraction:
    """The nearest point of the grid that is inside the bound."""
    steps = bound.value / step
    whole = math.ceil(steps) if up else math.floor(steps)
    if bound.open and whole == steps:
        whole += 1 if up else -1
    return whole * step
