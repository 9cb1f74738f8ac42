"""What two shapes have in common: how allOf, and constraints beside enum or $ref, are flattened."""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from safepush.compat.shapes import (
    ANY,
    NO_DEFAULT,
    NOTHING_OPAQUE,
    Bound,
    Branch,
    Choices,
    Facts,
    Lists,
    Member,
    Numbers,
    Objects,
    Opaque,
    Shape,
    Texts,
    tight,
)
from safepush.compat.values import branch_accepts
from safepush.errors import SchemaInvalid

#: told when a shape was made, so that a document cannot make them without end
Count = Callable[[], None]
MAX_BRANCHES = 200
_UNSURE: Opaque = frozenset(["choices that may not match"])


def meet(a: Shape, b: Shape, count: Count) -> Shape:
    """The values that are in both; of the facts those of `a`, then those of `b`."""
    facts = _facts(a.facts, b.facts)
    if a.is_any or b.is_any:
        other = b if a.is_any else a
        return ANY if other.is_any and facts == Facts() else replace(other, facts=facts)
    count()
    pairs = [(x, y) for x in a.branches for y in b.branches]
    met = []
    for x, y in pairs:
        count()
        made = _branches(x, y, count)
        if made is not None:
            met.append(_veiled(made, x.opaque | y.opaque))
    return Shape(distinct(met), facts)


def distinct(branches: Iterable[Branch]) -> tuple[Branch, ...]:
    """The branches, each once; what is named by two $refs is one and the same.

    Raises:
        SchemaInvalid: there are more than anybody compares.
    """
    told = tuple({id(branch): branch for branch in branches}.values())
    if len(told) > MAX_BRANCHES:
        raise SchemaInvalid(
            (), f"has over {MAX_BRANCHES} variants in one place; that is not compared"
        )
    return told


def inhabited(branch: Branch) -> Branch | None:
    """The branch in its simplest form, or None where no value is in it."""
    match branch:
        case Choices():
            return branch if branch.values else None
        case Numbers():
            return tight(branch)
        case Texts():
            return branch if branch.longest is None or branch.shortest <= branch.longest else None
        case Lists():
            return _inhabited_lists(branch)
        case Objects():
            empty = any(one.required and one.shape.is_never for one in branch.members.values())
            return None if empty else branch


def _inhabited_lists(branch: Lists) -> Lists | None:
    made = replace(branch, most=0) if branch.items.is_never else branch
    return made if made.most is None or made.fewest <= made.most else None


def _facts(a: Facts, b: Facts) -> Facts:
    return Facts(
        default=b.default if a.default is NO_DEFAULT else a.default,
        deprecated=a.deprecated or b.deprecated,
        accept=a.accept or b.accept,
    )


def _veiled(branch: Branch, opaque: Opaque) -> Branch:
    return replace(branch, opaque=branch.opaque | opaque) if opaque else branch


def _branches(x: Branch, y: Branch, count: Count) -> Branch | None:
    if isinstance(x, Choices):
        return _chosen(x, y)
    if isinstance(y, Choices):
        return _chosen(y, x)
    if type(x) is not type(y):
        return None
    made: Branch = _MEETS[type(x)](x, y, count)
    return inhabited(made)


def _chosen(choices: Choices, other: Branch) -> Branch | None:
    """The choices that the other takes; where it cannot be told whether it does, they stay."""
    bare = replace(other, opaque=NOTHING_OPAQUE)
    told = [(value, branch_accepts(bare, value)) for value in choices.values]
    kept = tuple(value for value, answer in told if answer is not False)
    unsure = any(answer is None for _, answer in told)
    return Choices(kept, _UNSURE if unsure else NOTHING_OPAQUE) if kept else None


def numbers(x: Numbers, y: Numbers) -> Numbers:
    """The numbers that are in both ranges."""
    return Numbers(
        low=_outer(x.low, y.low, 1),
        high=_outer(x.high, y.high, -1),
        step=_common(x.step, y.step),
    )


def _outer(a: Bound | None, b: Bound | None, sign: int) -> Bound | None:
    """The bound that leaves less; of two alike, the open one."""
    if a is None or b is None:
        return a or b
    return max(a, b, key=lambda bound: (sign * bound.value, bound.open))


def _common(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    """The step whose grid is in both grids."""
    if a is None or b is None:
        return a or b
    return Fraction(math.lcm(a.numerator, b.numerator), math.gcd(a.denominator, b.denominator))


def _texts(x: Texts, y: Texts, _: Count) -> Texts:
    return Texts(
        shortest=max(x.shortest, y.shortest),
        longest=_least(x.longest, y.longest),
        patterns=x.patterns | y.patterns,
        formats=x.formats | y.formats,
        is_file=x.is_file or y.is_file,
        is_secret=x.is_secret or y.is_secret,
    )


def _lists(x: Lists, y: Lists, count: Count) -> Lists:
    return Lists(
        items=meet(x.items, y.items, count),
        fewest=max(x.fewest, y.fewest),
        most=_least(x.most, y.most),
        unique=x.unique or y.unique,
        is_streamed=x.is_streamed or y.is_streamed,
        is_joined=x.is_joined or y.is_joined,
    )


def _least(a: int | None, b: int | None) -> int | None:
    return min((one for one in (a, b) if one is not None), default=None)


def _objects(x: Objects, y: Objects, count: Count) -> Objects:
    names = [*x.members, *(name for name in y.members if name not in x.members)]
    members = {}
    for name in names:
        ours, theirs = _member(x, name), _member(y, name)
        shape = meet(ours.shape, theirs.shape, count)
        members[name] = Member(shape, ours.required or theirs.required)
    return Objects(members, _rest(x.rest, y.rest, count))


def _member(branch: Objects, name: str) -> Member:
    if name in branch.members:
        return branch.members[name]
    return Member(ANY if branch.rest is None else branch.rest, False)


def _rest(a: Shape | None, b: Shape | None, count: Count) -> Shape | None:
    """A free-form object and one of declared names: the names are declared."""
    if a is None or b is None:
        other = b if a is None else a
        return None if other is None or other.is_any else other
    return meet(a, b, count)


def _numbers(x: Numbers, y: Numbers, _: Count) -> Numbers:
    return numbers(x, y)


_MEETS: dict[type, Any] = {Numbers: _numbers, Texts: _texts, Lists: _lists, Objects: _objects}
