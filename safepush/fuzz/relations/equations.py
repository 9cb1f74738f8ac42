"""What two predictions have to say together.

There and back, one item or many, one picture stored in two ways.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product
from typing import Any

import numpy as np
from PIL import Image

from safepush.compare import File, Tolerance, compare
from safepush.fuzz import secrecy
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import beside
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.parts import is_number, joined
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.runs import Runs

_OPPOSITES = (
    ("encode", "decode"), ("encrypt", "decrypt"), ("compress", "decompress"),
    ("escape", "unescape"), ("pack", "unpack"), ("encipher", "decipher"),
    ("to", "from"), ("zip", "unzip"), ("quote", "unquote"), ("wrap", "unwrap"),
    ("serialize", "parse"), ("mask", "unmask"),
)  # fmt: skip
_SWITCH = re.compile(
    r"decode|decrypt|decipher|inverse|invert|backwards?|reverse|unescape|decompress"
)
_FROM = re.compile(r"(?:from|source|in|input)(?:_?(?:unit|units|base|scale|currency))?")
_TO = re.compile(r"(?:to|target|out|output)(?:_?(?:unit|units|base|scale|currency))?")
#: texts that have to come back as they were sent
THERE = ("plain words here", "Mixed CAPITALS and 123", "aaaaaaaaaaaab 112233 777", "x1y22 Zz 0")
#: pairs of units, and inputs for pictures, that are looked into
MOST_UNITS, MOST_PICTURES = 6, 2
#: of 255, or in parts: as far as two answers may be from each other
NEAR_PIXELS, NEAR_PART = 4.0, 0.02
_STORED = re.compile(r"getbands|st_size|getsize|len\(data|len\(raw|read_bytes|has_alpha|tobytes")
#: names of members, and texts, that say it
_SAYS = re.compile(
    r"\b(?:mode|channels?|bands|format|alpha|transparen\w*|bytes|RGBA?|LA?|P|PNG|gr[ae]y|colou?r|opaque)\b"
)


@dataclass(frozen=True)
class Equations:
    """Makes a few predictions of its own; `first` are the usual inputs and what they gave."""

    fields: Sequence[Field]
    first: Tried
    runs: Runs
    source: Source
    alike: Tolerance

    def suspicions(self) -> Iterator[Suspicion]:
        """What does not come out as it has to, twice."""
        yield from self._there_and_back()
        yield from self._units()
        yield from self._items()
        yield from self._pictures()

    def _made(self, changes: Mapping[str, Any]) -> Tried:
        return self.runs.one(changed(self.first.probe.inputs, changes, "equations"))

    # There and back

    def _there_and_back(self) -> Iterator[Suspicion]:
        for field, there, back in self._ways():
            for text in (one for one in self.fields if secrecy.is_open_text(one)):
                broken = [one for one in THERE if text.takes(one)]
                if len(broken) < 2 or not self._returns(field, there, back, text, broken[0]):
                    continue
                for one in broken[1:]:
                    if self._returns(field, there, back, text, one) is False:
                        told = f"what {there!a} makes of a text is not made it again by {back!a}"
                        yield self._suspicion(told, {field.name: there, text.name: one})
                        return

    def _ways(self) -> Iterator[tuple[Field, Any, Any]]:
        for one in self.fields:
            known = {str(value).lower(): value for value in one.choices}
            for there, back in _OPPOSITES:
                if there in known and back in known:
                    yield one, known[there], known[back]
            if _SWITCH.fullmatch(one.name.lower()) and set(one.choices) == {True, False}:
                yield one, False, True

    def _returns(self, way: Field, there: Any, back: Any, text: Field, said: str) -> bool | None:
        made = joined(self._made({way.name: there, text.name: said}).output)
        if made is None or made == said or not text.takes(made):
            return None
        again = self._made({way.name: back, text.name: made})
        return _loose(joined(again.output)) == _loose(said) if not again.refused else None

    # From one unit to another

    def _units(self) -> Iterator[Suspicion]:
        source = next((one for one in self.fields if _is_unit(one, _FROM)), None)
        target = next((one for one in self.fields if _is_unit(one, _TO)), None)
        values = [one for one in self.fields if one.numbers is not None and not one.choices]
        if source is None or target is None or not values:
            return
        value = values[0]
        both = [one for one in source.choices if one in target.choices]
        told = f"from {source.name!a} to {target.name!a} and back makes another number"
        for one, other in islice(combinations(both, 2), MOST_UNITS):
            ways = {source.name: one, target.name: other}
            if self._comes_back(value, ways, {source.name: other, target.name: one}) is False:
                yield self._suspicion(told, ways)
                return

    def _comes_back(
        self, value: Field, there: Mapping[str, Any], back: Mapping[str, Any]
    ) -> bool | None:
        sent = self.first.probe.inputs.get(value.name, value.default)
        made = _number(self._made(there).output)
        if not is_number(sent) or made is None or not value.takes(made) or abs(made) < 1:
            return None
        again = _number(self._made({**back, value.name: made}).output)
        near = NEAR_PART * max(1, abs(sent)) + abs(sent / made) / 100
        return None if again is None else bool(abs(again - sent) <= near)

    # One item, or one of many

    def _items(self) -> Iterator[Suspicion]:
        """What an item gives among others, where with the usual ones it is what it gives alone."""
        for field in (one for one in self.fields if one.lists is not None):
            lists = [
                one
                for one in self.runs.history
                if one.succeeded and one.probe.changed == (field.name,) and self._fits(one, field)
            ]
            lists.sort(key=lambda one: -len(one.output))
            placed = self._keeps_order(lists, field)
            usual = [self._is_unlike(self.first, field, at, placed=placed) for at in (0, -1)]
            if not self._fits(self.first, field) or usual != [False, False]:
                continue
            for one in lists[:2]:
                for at in (-1, len(one.output) // 2):
                    told = [self._is_unlike(one, field, at, placed=placed) for _ in range(2)]
                    if all(told):
                        what = f"an item of {field.name!a} gives something else than by itself"
                        yield self._suspicion(what, one.probe.inputs)
                        return

    def _keeps_order(self, lists: Sequence[Tried], field: Field) -> bool:
        """Whether the usual items, the other way round, gave the usual outputs so."""
        items = self.first.probe.inputs.get(field.name, field.default)
        return self._fits(self.first, field) and any(
            one.probe.inputs[field.name] == items[::-1] and one.output == self.first.output[::-1]
            for one in lists
        )

    def _fits(self, one: Tried, field: Field) -> bool:
        items = one.probe.inputs.get(field.name, field.default)
        many = isinstance(items, list) and 1 < len(items) <= beside.LENGTHS[-1]
        unlike = many and len({str(each).lower().strip(" !") for each in items}) == len(items)
        return unlike and isinstance(one.output, list) and len(one.output) == len(items)

    def _is_unlike(self, one: Tried, field: Field, at: int, *, placed: bool) -> bool | None:
        """Whether what an item gives alone is not in its place; None where it gives nothing."""
        items = one.probe.inputs.get(field.name, field.default)
        if not self._fits(one, field):
            return None
        made = self._made({**one.probe.inputs, field.name: [items[at]]})
        if not made.succeeded or not isinstance(made.output, list) or len(made.output) != 1:
            return None
        known = [one.output[at]] if placed else one.output
        return all(compare(each, made.output[0], self.alike) for each in known)

    # One picture, stored in two ways

    def _pictures(self) -> Iterator[Suspicion]:
        # who tells how it is stored may well tell that
        if not any(sizes.files(self.first.output)) and self._tells:
            return
        names = [one.name for one in self.fields if self._is_picture(one)][:MOST_PICTURES]
        for name, (one, other) in product(names, media.stored()):
            made = [self._made({name: each.uri}) for each in (one, other)]
            if all(each.succeeded for each in made) and _is_other(made[0], made[1], self.alike):
                told = f"a {other.name} gives something else than the same one in RGB"
                yield self._suspicion(told, {name: other.uri})
                return

    @property
    def _tells(self) -> bool:
        said = json.dumps(self.first.output, default=str).replace("_", " ")
        return bool(_STORED.search(self.source.text) or _SAYS.search(said))

    def _is_picture(self, field: Field) -> bool:
        found = media.of(self.first.probe.inputs.get(field.name))
        return field.is_file and found is not None and found.kind == "image"

    def _suspicion(self, told: str, changes: Mapping[str, Any]) -> Suspicion:
        tried = self.runs.history[-1]
        probe = changed(self.first.probe.inputs, changes, "equations")
        tried = replace(tried, probe=probe)
        return Suspicion(rule=RULE, cause=told, detail=told, tried=tried, is_proven=True)


def _loose(text: str | None) -> str | None:
    """A text without what many ways of writing have not: capitals, and blanks beside blanks."""
    return text if text is None else " ".join(text.casefold().split())


def _is_unit(field: Field, named: re.Pattern[str]) -> bool:
    return len(field.choices) > 1 and bool(named.fullmatch(field.name.lower()))


def _number(output: Any) -> float | None:
    return float(output) if is_number(output) and abs(output) < 1e15 else None


def _is_other(one: Tried, other: Tried, alike: Tolerance) -> bool:
    first, second = (list(sizes.files(each.output)) for each in (one, other))
    if not first and not second:
        return bool(compare(one.output, other.output, alike))
    if len(first) != 1 or len(second) != 1:
        return len(first) != len(second)
    seen = [_seen(first[0]), _seen(second[0])]
    if seen[0] is None or seen[1] is None:
        return False
    return seen[0].shape != seen[1].shape or bool(np.abs(seen[0] - seen[1]).mean() > NEAR_PIXELS)


def _seen(file: File) -> Any:
    try:
        with Image.open(io.BytesIO(file.content)) as picture:
            return np.asarray(picture.convert("RGB"), np.float64)
    except Exception:  # decoders raise what they like; what is no picture shows nothing
        return None
