"""Which values a shape takes, and a few values of a shape."""

import re
import warnings
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

from safepush.compat.shapes import (
    NO_DEFAULT,
    Branch,
    Choices,
    Lists,
    Numbers,
    Objects,
    Shape,
    Texts,
    exact,
    key,
    number,
)
from safepush.findings import NO_EXAMPLE

#: a pattern from elsewhere may take time that is exponential in the text it is tried on
MAX_MATCHED = 12
#: longer texts and lists are not made to show something
MAX_LENGTH = 1 << 20
MAX_ITEMS = 64
FILE = "https://example.com/file"
MAX_MEMBERS = 200
_LETTERS = ("a", "A", "0", "-", " ", "é", "a1-")

#: True, False, or None where nobody can tell
Told = bool | None


def accepts(shape: Shape, value: Any) -> Told:
    """Whether a value is in a shape, formats apart."""
    return _Judge().shape(shape, value)


def branch_accepts(branch: Branch, value: Any) -> Told:
    """Whether a value is in a branch, formats apart."""
    return _Judge().branch(branch, value)


class _Judge:
    """Looks at each pair of a shape and a part of one value once, however often both come up.

    Of what has no parts there may be thousands: to look at it is quicker than to remember it.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], Told] = {}

    def shape(self, shape: Shape, value: Any) -> Told:
        if shape.is_any:
            return True
        if not isinstance(value, list | dict):
            return _any([self.branch(branch, value) for branch in shape.branches])
        pair = (id(shape), id(value))
        if pair not in self._known:
            self._known[pair] = _any([self.branch(branch, value) for branch in shape.branches])
        return self._known[pair]

    def branch(self, branch: Branch, value: Any) -> Told:
        told = self._plainly(branch, value)
        return None if told and branch.opaque else told

    def _plainly(self, branch: Branch, value: Any) -> Told:
        match branch:
            case Choices():
                return key(value) in {key(each) for each in branch.values}
            case Numbers():
                return _number(branch, value)
            case Texts():
                return _text(branch, value)
            case Lists():
                return self._list(branch, value)
            case Objects():
                return self._object(branch, value)

    def _list(self, branch: Lists, value: Any) -> Told:
        if not isinstance(value, list) or len(value) < branch.fewest:
            return False
        if branch.most is not None and len(value) > branch.most:
            return False
        if branch.unique and len({key(each) for each in value}) < len(value):
            return False
        only = branch.items.branches[0] if len(branch.items.branches) == 1 else None
        # there may be thousands of these, and they have no parts to remember
        if isinstance(only, Numbers) and not only.opaque:
            return _all({_number(only, each) for each in value})
        if isinstance(only, Texts) and not only.opaque:
            return _all({_text(only, each) for each in value})
        return _all(self.shape(branch.items, each) for each in value)

    def _object(self, branch: Objects, value: Any) -> Told:
        if not isinstance(value, dict):
            return False
        members = branch.members
        if any(member.required and name not in value for name, member in members.items()):
            return False
        return _all(
            self.shape(members[name].shape, each)
            if name in members
            else branch.rest is None or self.shape(branch.rest, each)
            for name, each in value.items()
        )


def _number(branch: Numbers, value: Any) -> Told:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if branch.low is None and branch.high is None and branch.step is None:
        return True
    found = exact(value)
    low, high, step = branch.low, branch.high, branch.step
    if low is not None and (found < low.value or (low.open and found == low.value)):
        return False
    if high is not None and (found > high.value or (high.open and found == high.value)):
        return False
    return step is None or (found / step).denominator == 1


def _text(branch: Texts, value: Any) -> Told:
    if not isinstance(value, str) or len(value) < branch.shortest:
        return False
    if branch.longest is not None and len(value) > branch.longest:
        return False
    return not branch.patterns or _all(matches(pattern, value) for pattern in branch.patterns)


def _any(told: Collection[Told]) -> Told:
    return True if True in told else None if None in told else False


def _all(answers: Iterable[Told]) -> Told:
    told = list(answers)
    return False if False in told else None if None in told else True


def matches(pattern: str, text: str) -> Told:
    """Whether a pattern matches somewhere in a text; None where that is not tried."""
    compiled = _compiled(pattern)
    if compiled is None or len(text) > MAX_MATCHED:
        return None
    return compiled.search(text) is not None


@lru_cache(256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern, or None for one that Python does not read (JSON Schema's are JavaScript's)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None


def is_pattern(pattern: str) -> bool:
    """Whether Python, which the server checks patterns with, can read it."""
    return _compiled(pattern) is not None


# A few values


def sample(shape: Shape) -> Any:
    """A value in a shape, a small one; NO_EXAMPLE where none was found."""
    return next(samples(shape), NO_EXAMPLE)


def samples(shape: Shape) -> Iterator[Any]:
    """A few values that are surely in a shape: at its edges, and in the middle."""
    made = _Maker(MAX_MEMBERS).values(shape)
    default = shape.facts.default
    if default is not NO_DEFAULT and default is not None:
        made = [default, *made]
    return (value for value in made if accepts(shape, value))


class _Maker:
    """Makes values until it has made so many; a schema may ask for more than there is room."""

    def __init__(self, left: int) -> None:
        self._left = left

    def values(self, shape: Shape) -> list[Any]:
        if shape.is_any:
            return ["a", 1, 0.5, True, [], {}, None]
        made: list[Any] = []
        # null last: it shows least
        for branch in sorted(shape.branches, key=lambda one: isinstance(one, Choices)):
            self._left -= 1
            if self._left > 0:
                made += self._branch(branch)
        return sorted(made, key=lambda value: value is None)

    def _branch(self, branch: Branch) -> list[Any]:
        match branch:
            case Choices():
                return list(branch.values[:MAX_ITEMS])
            case Numbers():
                return numbers(branch)
            case Texts():
                return list(texts(branch))
            case Lists():
                return self._lists(branch)
            case Objects():
                return self._objects(branch)

    def _lists(self, branch: Lists) -> list[Any]:
        if branch.fewest > MAX_ITEMS or self._left <= 0:
            return []
        wanted = max(branch.fewest, 0 if branch.most == 0 else 1)
        items = [value for value in self.values(branch.items) if accepts(branch.items, value)]
        made: list[Any] = [[]] if branch.fewest == 0 else []
        full = _filled(items, wanted, unique=branch.unique)
        return made if full is None else [full, *made]

    def _objects(self, branch: Objects) -> list[Any]:
        made: dict[str, Any] = {}
        for name, member in branch.members.items():
            if not member.required:
                continue
            fitting = (v for v in self.values(member.shape) if accepts(member.shape, v))
            value = next(fitting, NO_EXAMPLE)
            if value is NO_EXAMPLE:
                return []
            made[name] = value
        return [made]


def _filled(items: list[Any], wanted: int, *, unique: bool) -> list[Any] | None:
    """A list of so many of the items, or None where that cannot be done."""
    if wanted == 0:
        return []
    if not items:
        return None
    if not unique:
        return items[:1] * wanted
    distinct = list({key(item): item for item in items}.values())
    return distinct[:wanted] if len(distinct) >= wanted else None


def numbers(branch: Numbers) -> list[int | float]:
    """A few numbers of a range: zero and one, its ends, and what is beside them."""
    step = branch.step or exact(0.5)
    ends = [bound.value for bound in (branch.low, branch.high) if bound is not None]
    near = [end + step * times for end in ends for times in (0, 1, -1)]
    middle = [(ends[0] + ends[1]) / 2] if len(ends) == 2 else []
    return [number(one) for one in (exact(1), exact(0), *near, *middle, *(2 * e for e in ends))]


def texts(branch: Texts) -> Iterator[str]:
    """A few texts of about the right lengths; whether they match is for others to see."""
    if branch.is_file:
        yield FILE
    longest = MAX_LENGTH if branch.longest is None else branch.longest
    lengths = (max(branch.shortest, 1), *range(branch.shortest, MAX_MATCHED + 1))
    for length in dict.fromkeys(lengths):
        if length <= min(longest, MAX_LENGTH):
            yield from (text_of(letters, length) for letters in _LETTERS)


def text_of(letters: str, length: int) -> str:
    """A text of so many characters."""
    return (letters * (length // len(letters) + 1))[:length]
