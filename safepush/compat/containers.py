"""Lists and objects that are given and not taken: their own limits, then what they hold."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from safepush.compat.gaps import Gap
from safepush.compat.shapes import (
    NO_DEFAULT,
    Lists,
    Member,
    Objects,
    Shape,
    branch_kinds,
    key,
)
from safepush.compat.values import sample, samples
from safepush.findings import NO_EXAMPLE

Relate = Callable[[Shape, Shape], Iterable[Gap]]
#: a name that no schema has declared, and how all such names are written in a place
_OTHER, _OTHERS = "any_other_name", "*"


@dataclass(frozen=True)
class Containers:
    """The comparison of lists and objects; `relate` compares what they hold."""

    relate: Relate
    are_inputs: bool

    # Lists

    def list_gaps(self, given: Lists, taken: Lists) -> Iterator[Gap]:
        """What is tighter in one than in the other."""
        if not self.are_inputs:
            yield from _stream_gaps(given, taken)
        if given.fewest < taken.fewest:
            few = _limit("minItems", given.fewest or None)
            yield _count(few, _limit("minItems", taken.fewest), _filled(given, given.fewest))
        if taken.most is not None and (given.most is None or given.most > taken.most):
            many = _filled(given, max(taken.most + 1, given.fewest))
            yield _count(_limit("maxItems", given.most), _limit("maxItems", taken.most), many)
        if taken.unique and not given.unique and given.most not in (0, 1):
            twice = _filled(given, max(2, given.fewest))
            yield _count("repeated items", "uniqueItems", twice)
        if given.most != 0 and taken.most != 0:
            for gap in self.relate(given.items, taken.items):
                yield gap.below("[]", lambda value: _padded(given, value))

    # Objects

    def object_gaps(self, given: Objects, taken: Objects) -> Iterator[Gap]:
        """What is tighter in one than in the other, name by name, then under other names."""
        others = Others(given)
        for name, member in given.members.items():
            if not member.shape.is_never:
                yield from self._given(name, member, taken, others)
        for name, member in taken.members.items():
            if name not in given.members:
                yield from self._wanted(name, member, given, others)
        yield from self._rest(given, taken, others)

    def _given(self, name: str, member: Member, taken: Objects, others: "Others") -> Iterator[Gap]:
        if name in taken.members:
            yield from self._both(name, member, taken.members[name], others)
        elif taken.rest is not None and not taken.rest.is_never:
            yield from self._below(name, member.shape, taken.rest, others)
        elif self.are_inputs:
            yield _removed(name, member, others, refused=taken.rest is not None)
        elif taken.rest is not None:
            example = others.and_(name, sample(member.shape))
            yield _at(name, "extra", words(member.shape), "no other members", example)

    def _both(self, name: str, given: Member, taken: Member, others: "Others") -> Iterator[Gap]:
        if taken.required and not given.required:
            yield _at(name, "required", "optional", "required", others.without(name))
        yield from self._below(name, given.shape, taken.shape, others)
        if self.are_inputs:
            yield from _default_gaps(name, given, taken, others)
            yield from _accept_gaps(name, given.shape, taken.shape)

    def _wanted(self, name: str, member: Member, given: Objects, others: "Others") -> Iterator[Gap]:
        """A name that the given ones do not declare."""
        if given.rest is not None and not given.rest.is_never:
            yield from self._below(name, given.rest, member.shape, others)
            if member.required:
                yield _at(name, "required", "optional", "required", others.without(name))
        elif self.are_inputs and member.required:
            yield _at(name, "added", "nothing", f"{words(member.shape)}, required", others.all())
        elif not self.are_inputs and not member.shape.is_never:
            told = words(member.shape)
            gap = _at(name, "removed", "nothing", told, others.all(), by_values=member.required)
            yield gap

    def _rest(self, given: Objects, taken: Objects, others: "Others") -> Iterator[Gap]:
        if given.rest is None or given.rest.is_never:
            return
        if taken.rest is None:
            if self.are_inputs:
                told = "declared members only"
                yield _at(_OTHERS, "extra", "any member", told, NO_EXAMPLE, by_values=False)
        elif taken.rest.is_never:
            example = others.and_(_OTHER, sample(given.rest))
            yield _at(_OTHERS, "extra", words(given.rest), "no other members", example)
        else:
            for gap in self.relate(given.rest, taken.rest):
                yield gap.below(_OTHERS, lambda value: others.and_(_OTHER, value))

    def _below(self, name: str, given: Shape, taken: Shape, others: "Others") -> Iterator[Gap]:
        for gap in self.relate(given, taken):
            yield gap.below(name, lambda value: others.and_(name, value))


class Others:
    """The members that must stand beside the one that is shown."""

    def __init__(self, branch: Objects) -> None:
        self._branch = branch
        self._made: dict[str, Any] | None = None

    def all(self) -> Any:
        """The smallest object there is, or NO_EXAMPLE where none was found."""
        return self.without(None)

    def without(self, name: str | None) -> Any:
        """The same without one member."""
        made = {other: value for other, value in self._required().items() if other != name}
        return NO_EXAMPLE if any(one is NO_EXAMPLE for one in made.values()) else made

    def and_(self, name: str, value: Any) -> Any:
        """The same with this value under a name."""
        rest = self.without(name)
        return NO_EXAMPLE if NO_EXAMPLE in (rest, value) else {**rest, name: value}

    def _required(self) -> dict[str, Any]:
        if self._made is None:
            members = self._branch.members.items()
            self._made = {name: sample(one.shape) for name, one in members if one.required}
        return self._made


def words(shape: Shape) -> str:
    """What a shape takes, in a few words."""
    if shape.is_any:
        return "anything"
    return " or ".join(dict.fromkeys(_word(branch) for branch in shape.branches)) or "nothing"


def _word(branch: Any) -> str:
    told = list(dict.fromkeys(branch_kinds(branch)))
    if getattr(branch, "is_integer", False):
        return "integer"
    if getattr(branch, "is_file", False):
        return "file"
    if getattr(branch, "is_secret", False):
        return "secret"
    if getattr(branch, "values", None) and told not in (["null"], ["boolean"]):
        return f"one of {written(list(branch.values))}"
    return " or ".join(told)


def written(value: Any) -> str:
    """A value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _removed(name: str, member: Member, others: Others, *, refused: bool) -> Gap:
    rule = "removed-deprecated" if member.shape.facts.deprecated else "removed"
    example = others.and_(name, sample(member.shape))
    return _at(name, rule, words(member.shape), "nothing", example, by_values=refused)


def _default_gaps(name: str, given: Member, taken: Member, others: Others) -> Iterator[Gap]:
    """What is not there and null are one default: the model's own choice."""
    if given.required or taken.required:
        return
    before, after = (_default(one.shape) for one in (given, taken))
    if key(before) != key(after):
        example = others.without(name)
        told = (f"default {written(before)}", f"default {written(after)}")
        if any(getattr(one, "is_secret", False) for one in given.shape.branches):
            told = ("a default", "another default")
        yield _at(name, "default", *told, example, by_values=False)


def _default(shape: Shape) -> Any:
    return None if shape.facts.default is NO_DEFAULT else shape.facts.default


def _accept_gaps(name: str, given: Shape, taken: Shape) -> Iterator[Gap]:
    wanted = _media(taken)
    if wanted and not all(
        any(fnmatchcase(one, each) for each in wanted) for one in _media(given) or ["*/*"]
    ):
        told = (given.facts.accept or "any file", taken.facts.accept or "")
        yield _at(name, "accept", *told, NO_EXAMPLE, by_values=False)


def _media(shape: Shape) -> list[str]:
    parts = (shape.facts.accept or "").lower().split(",")
    return [part.strip() for part in parts if part.strip()]


def _stream_gaps(given: Lists, taken: Lists) -> Iterator[Gap]:
    told = tuple("stream" if one.is_streamed else "list" for one in (given, taken))
    if given.is_streamed != taken.is_streamed:
        name = "stream" if given.is_streamed else "unstream"
        yield Gap(name=name, given=told[0], taken=told[1], by_values=False)
    elif given.is_joined != taken.is_joined:
        told = tuple("joined text" if one.is_joined else "pieces" for one in (given, taken))
        yield Gap(name="joined", given=told[0], taken=told[1], by_values=False)


def _limit(word: str, items: int | None) -> str:
    return f"no {word}" if items is None else f"{word} {items}"


def _count(given: str, taken: str, example: Any) -> Gap:
    return Gap(name="count", given=given, taken=taken, example=example)


_FILLED_AT_MOST = 1_000


def _filled(lists: Lists, length: int) -> Any:
    """A list of so many items, or NO_EXAMPLE."""
    if length == 0:
        return []
    if length > _FILLED_AT_MOST:
        return NO_EXAMPLE
    if not lists.unique:
        item = sample(lists.items)
        return NO_EXAMPLE if item is NO_EXAMPLE else [item] * length
    items = list({key(item): item for item in samples(lists.items)}.values())
    return items[:length] if len(items) >= length else NO_EXAMPLE


def _padded(lists: Lists, value: Any) -> Any:
    """The shortest list with a value in it."""
    if lists.fewest <= 1:
        return [value]
    if lists.unique or lists.fewest > _FILLED_AT_MOST:
        return NO_EXAMPLE
    return [value] * lists.fewest


def _at(
    name: str, rule: str, given: str, taken: str, example: Any, *, by_values: bool = True
) -> Gap:
    return Gap(
        name=rule, given=given, taken=taken, steps=(name,), example=example, by_values=by_values
    )
