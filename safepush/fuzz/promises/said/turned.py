"""Sentences that say one result for each line or item, in their order: the same ones turned round.

It is asked with items of one length first. What gives something else there counts its items, or
goes by what came before; what does not must not with items of other lengths either.
"""

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from safepush.compare import Tolerance, compare
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.runs import Runs

_ITEM = r"(?:lines?|texts?|items?|sentences?|words?|entr(?:y|ies)|names?|titles?|questions?|ones?)"
_EACH = re.compile(
    rf"\b(?:for|of|per|to) (?:each|every) (?:\w+ )?{_ITEM}\b"
    rf"|\b(?:each|every) {_ITEM} (?:gets|has|is)\b"
    rf"|\bone \w+ (?:per|a) {_ITEM}\b|\bas many \w+ as\b"
)
_OF_ITEMS = re.compile(rf"\border of (?:the|these|those|its) (?:\w+ )?{_ITEM}\b")
_ORDER = re.compile(
    r"\bin (?:(?:the|their|this|that|same|given|input|original) ){0,3}order\b(?! (?:of|to)\b)"
    r"|\border (?:is|stays) (?:kept|the same)\b|\bkeeps? (?:the|their) order\b|\bsame order\b"
    r"|\bas (?:they|it) (?:are|is|were) given\b|\border of them\b"
    r"|\bin the order (?:in which )?they\b"
)
_SORTED = re.compile(r"\bsort|\balphabet|\brank|\bby (?:size|length|score|number|name)\b|\bbest\b")
#: then an item may well give something else among others
_AMONG = re.compile(
    r"relative|against|compar|add up|sums? to|normali[sz]|share of|among|similar|cluster|group"
    r"|together|percent|distance|rare|common|frequen|others|equal|align|wid|pad|justif|cent|column"
)
#: and here also in another order
_GOES_ON = re.compile(
    r"before|previous|next|so far|running|total|follow|neighbou?r|context|cumulat|offset"
)
_LINES = re.compile(r"\blines?\b")
#: of one length
EVEN = ("river boat", "stone wall", "green hill")
#: with others than the usual ones
LONG = "the river rose and the old bridge was shut for many of us"
#: inputs with choices, and choices of one, that it is asked under
MOST_CHOICES = 3
#: items that are sent, of the usual ones
MOST = 6


Step = tuple[Tried, Suspicion | None]
Making = Generator[Step, None, Tried]
Turn = Callable[[Sequence[Any]], list[Any]]


@dataclass(frozen=True)
class Turned:
    """Makes a few predictions of its own; `first` are the usual inputs and what they gave."""

    fields: Sequence[Field]
    first: Tried
    runs: Runs
    alike: Tolerance

    def steps(self, said: Sequence[Said]) -> Iterator[Step]:
        """Each prediction that is made, with what is other than told by then."""
        field = about(said, self.fields)
        if field is None:
            return
        usual = _items(field, self.first.probe.inputs.get(field.name, field.default))
        if not usual or _rows(self.first.output, len(usual)) is None:
            return
        even = yield from self._made(field, EVEN)
        moved = yield from self._made(field, _moved(EVEN))
        if self._go_together(even, moved, _moved):
            yield from self._uneven(field, _unlike(usual))
            alone = yield from self._made(field, EVEN[:1])
            if self._is_first(alone, even) and not any(_AMONG.search(one.text) for one in said):
                yield from self._alone(field, _unlike(usual))
                yield from self._otherwise(field, _unlike(usual))

    def _otherwise(self, field: Field, items: Sequence[str]) -> Iterator[Step]:
        """The same under other choices, where items of one length are by themselves as well."""
        for one in [one for one in self.fields if one.choices][:MOST_CHOICES]:
            usual = self.first.probe.inputs.get(one.name, one.default)
            for value in [value for value in one.choices if value != usual][:MOST_CHOICES]:
                way = Turned(self.fields, _under(self.first, {one.name: value}), *self._rest)
                even = yield from way._made(field, EVEN)
                alone = yield from way._made(field, EVEN[:1])
                if way._is_first(alone, even) and not _AMONG.search(str(value).lower()):
                    yield from way._alone(field, items)

    @property
    def _rest(self) -> tuple[Runs, Tolerance]:
        return self.runs, self.alike

    def _uneven(self, field: Field, items: Sequence[str]) -> Iterator[Step]:
        """Whether items of several lengths give the same in any order."""
        straight = yield from self._made(field, items)
        for turn in (_moved, _back, _reversed):
            made = yield from self._made(field, turn(items))
            if self._go_together(straight, made, turn) is not False:
                continue
            again = self.runs.one(straight.probe), self.runs.one(made.probe)
            if self._go_together(*again, turn) is False:
                told = f"items of {field.name!a} in another order give results that are not theirs"
                yield made, _suspicion(told, made)
                return

    def _alone(self, field: Field, items: Sequence[str]) -> Iterator[Step]:
        """Whether an item gives by itself what it gives among others of other lengths."""
        straight = yield from self._made(field, items)
        alone = yield from self._made(field, items[:1])
        if self._is_first(alone, straight) is False:
            again = self.runs.one(alone.probe), self.runs.one(straight.probe)
            if self._is_first(*again) is False:
                told = f"an item of {field.name!a} gives something else among others than alone"
                yield straight, _suspicion(told, straight)

    def _made(self, field: Field, items: Sequence[str]) -> Making:
        value = [*items] if field.lists is not None else "\n".join(items)
        inputs = {**self.first.probe.inputs, field.name: value}
        made = self.runs.one(Probe(inputs=inputs, layer="said", changed=(field.name,)))
        yield made, None
        return made

    def _go_together(self, one: Tried, other: Tried, turn: Turn) -> bool | None:
        """Whether the results are turned round as the items were; None where nobody can tell."""
        wanted, got = self._results(one), self._results(other)
        if wanted is None or got is None or len(wanted) != len(got):
            return None
        return not compare(turn(wanted), got, self.alike)

    def _is_first(self, alone: Tried, among: Tried) -> bool | None:
        one, all_of = self._results(alone), self._results(among)
        if not one or not all_of:
            return None
        return not compare(one[0], all_of[0], self.alike)

    def _results(self, one: Tried) -> list[Any] | None:
        """One for each item that was sent."""
        value = one.probe.inputs[one.probe.changed[0]]
        count = len(value) if isinstance(value, list) else value.count("\n") + 1
        return _rows(one.output, count) if one.succeeded else None


def _under(first: Tried, way: Mapping[str, Any]) -> Tried:
    """The usual inputs, but for one choice."""
    return replace(first, probe=replace(first.probe, inputs={**first.probe.inputs, **way}))


def about(said: Sequence[Said], fields: Sequence[Field]) -> Field | None:
    """The input whose lines or items have results in their order, one for each."""
    told = [any(way.search(one.text) for one in said) for way in (_EACH, _ORDER, _OF_ITEMS)]
    if not (all(told[:2]) or told[2]) or any(
        _SORTED.search(one.text) or _GOES_ON.search(one.text) for one in said
    ):
        return None
    lists = [one for one in fields if one.item is not None and one.item.is_free_text]
    texts = [one for one in fields if one.is_free_text]
    by_line = [one for one in texts if _LINES.search(f"{one.name} {one.description}".lower())]
    found = lists or by_line
    return found[0] if len(found) == 1 else None


def _suspicion(told: str, tried: Tried) -> Suspicion:
    return Suspicion(rule=RULE, cause=told, detail=told, tried=tried, is_proven=True)


# Items, and what comes of each


def _items(field: Field, value: Any) -> list[str]:
    if field.lists is not None:
        found = value if isinstance(value, list) else []
    else:
        found = value.split("\n") if isinstance(value, str) else []
    return [one for one in found if isinstance(one, str)]


def _unlike(usual: Sequence[str]) -> list[str]:
    """Three at least, of different lengths."""
    found = [one for one in dict.fromkeys(usual) if one.strip()][:MOST]
    if len({len(one) for one in found}) < 3:
        found = [*found[:3], LONG, "a"]
    return [*dict.fromkeys(found)]


def _rows(output: Any, count: int) -> list[Any] | None:
    """The results in an output where there are as many as items."""
    if isinstance(output, Mapping):
        lists = [one for one in output.values() if isinstance(one, list) and len(one) == count]
        return [list(row) for row in zip(*lists, strict=True)] if lists else None
    if isinstance(output, str):
        output = output.split("\n")
    return output if isinstance(output, list) and len(output) == count else None


def _moved(items: Sequence[Any]) -> list[Any]:
    return [*items[1:], *items[:1]]


def _back(items: Sequence[Any]) -> list[Any]:
    return [*items[-1:], *items[:-1]]


def _reversed(items: Sequence[Any]) -> list[Any]:
    return [*items[::-1]]
