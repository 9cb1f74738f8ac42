"""Pieces of a text with the places where they begin and end: the text has them just there."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.promises.parts import objects, texts, words_of
from safepush.fuzz.promises.promise import RULE, Made, Promise, made
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.runs import Runs
from safepush.fuzz.secrecy import is_open_text

_BEGINS = frozenset({"start", "starts", "begin", "begins", "from", "offset", "offsets"})
_ENDS = frozenset({"end", "ends", "stop", "stops", "to"})
_LENGTHS = frozenset({"length", "lengths", "len"})
_SPANS = frozenset({"span", "spans", "range", "ranges", "offsets", "position", "positions"})
#: then places are not counted in signs of the text, or not from its beginning
_OTHERWISE = re.compile(
    r"\b(?:bytes?|utf-?(?:8|16)|code units?|tokens?|words?|relative|within (?:the|its|each))\b"
)
_PLACES = re.compile(r"\b(?:starts?|begins?|ends?|offsets?|positions?|places?|spans?)\b")
_WITHIN = frozenset({"line", "row", "sentence", "paragraph", "page", "chunk", "byte", "bytes"})
_WITHIN |= {"token", "word", "block", "section", "segment"}
#: pieces that are looked at, and of those that are elsewhere
MOST, MOST_ASTRAY = 500, 5
#: it is told as code what the places are
_STRICT = re.compile(r"\w+ ?\[ ?\w+ ?: ?\w+ ?\]")


@dataclass(frozen=True)
class _Way:
    """By which names a piece, its beginning and its end are told; `more`: the last sign counts."""

    piece: str
    begin: str
    end: str
    more: int = 0


def promises(fields: Sequence[Field], usual: Made, source: Source) -> Iterator[Promise]:
    """That each piece is where it is told to be, in each way in which that is so as usual."""
    said = [one.text for one in sentences(fields, source)]
    if any(_OTHERWISE.search(one) and _PLACES.search(one) for one in said):
        return
    strict = any(_STRICT.search(one) for one in said)
    for name in (one.name for one in fields if is_open_text(one)):
        for way in dict.fromkeys(_ways(usual, name)):
            told = f"a piece of {name!a} is not where the output says that it begins and ends"
            yield Promise(rule=RULE, broken=told, kept=partial(_placed, name, way, strict))


def _ways(usual: Made, name: str) -> Iterator[_Way]:
    """What the members of an output may be, where one of them is a piece of the text."""
    text = usual.inputs.get(name)
    for one in _rows(usual.output) if isinstance(text, str) else ():
        numbers = [key for key, value in one.items() if type(value) is int]
        if any(_WITHIN.intersection(words_of(key)) for key in numbers):
            continue
        pieces = [key for key, value in one.items() if isinstance(value, str) and value]
        for piece in pieces:
            for begin in (key for key in numbers if _BEGINS.intersection(words_of(key))):
                for end in (key for key in numbers if key != begin):
                    for more in (0, 1):
                        way = _Way(piece, begin, end, more)
                        if isinstance(text, str) and _cut(text, one, way) == one[piece]:
                            yield way


def _cut(text: str, one: Mapping[str, Any], way: _Way) -> str | None:
    """What is there in a text; None where no such place is told."""
    begin, end = one.get(way.begin), one.get(way.end)
    if type(begin) is not int or type(end) is not int:
        return None
    words = set(words_of(way.end))
    if words & _LENGTHS:
        end += begin
    elif not words & _ENDS:
        return None
    end += way.more
    return text[begin:end] if 0 <= begin <= end <= len(text) else ""


def _rows(output: Any) -> Iterator[dict[str, Any]]:
    """Objects of an output, with spans in two parts; lists side by side as objects too."""
    for one in objects(output):
        lists = {
            key: value
            for key, value in one.items()
            if isinstance(value, list) and value and not isinstance(value[0], Mapping | list)
        }
        for row in zip(*lists.values(), strict=False) if _are_beside(lists) else ():
            yield dict(zip(lists, row, strict=True))
        spans = {key: value for key, value in one.items() if _is_span(key, value)}
        for value in spans.values():
            yield {**one, "start": value[0], "end": value[1]}
        if not spans:
            yield dict(one)


def _are_beside(lists: Mapping[str, list[Any]]) -> bool:
    return len(lists) > 1 and len({len(one) for one in lists.values()}) == 1


def _is_span(key: str, value: Any) -> bool:
    is_two = isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value)
    return is_two and bool(_SPANS.intersection(words_of(key)))


def _placed(name: str, way: _Way, strict: bool, made: Made) -> bool | None:
    """Whether all pieces are there; of one that is nowhere in the text nobody can tell."""
    text = made.inputs.get(name)
    if not isinstance(text, str):
        return None
    rows = [one for one in islice(_rows(made.output), MOST) if _is_piece(one, way, text)]
    astray = [one for one in rows if not _is_there(text, one, way)][:MOST_ASTRAY]
    if not astray or strict:
        return not astray if rows else None
    given = _texts(text, made.output)
    return all(any(_is_there(each, one, way) for each in given) for one in astray)


def _is_there(text: str, one: Mapping[str, Any], way: _Way) -> bool:
    """Whether a piece is where it is told to be, in capitals or not."""
    found: str | None = _cut(text, one, way)
    return found is not None and found.casefold() == one[way.piece].casefold()


def _is_piece(one: Mapping[str, Any], way: _Way, text: str) -> bool:
    piece = one.get(way.piece)
    return isinstance(piece, str) and piece != "" and way.begin in one and piece in text


def _texts(text: str, output: Any) -> list[str]:
    """The text as it may well be read first, its lines, and other texts of the output."""
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFKC", "NFD", "NFKD")]
    read = [text, text.strip(), text.lstrip(), " ".join(text.split()), text.expandtabs(), *forms]
    read += ["".join(one for one in text if one.isprintable() or one in "\t\n")]
    read += ["".join(one for one in forms[2] if not unicodedata.combining(one))]
    read += [text.replace("\r\n", "\n"), *text.splitlines(), *(one.strip() for one in forms)]
    return [*read, *(one for _, one in islice(texts(output), MOST))]


# Places that are moved

#: words that stand before a text and are the same in any encoding, and such that are not
PLAIN, ODD = "so so, ", "\u00e9l \U00020000 \u0130\u00df, "
#: switches under which they are asked for
SWITCHES = 2


@dataclass(frozen=True)
class Shifted:
    """Makes a few predictions of its own: what is put before a text moves all places in it."""

    fields: Sequence[Field]
    first: Tried
    runs: Runs
    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where plain words move all of them as they should, and others do not."""
        said = [one.text for one in sentences(self.fields, self.source)]
        if any(_OTHERWISE.search(one) and _PLACES.search(one) for one in said):
            return
        for field in (one for one in self.fields if is_open_text(one)):
            for first in self._firsts(field):
                if self._moves(field, PLAIN, first) and self._leaves_odd(field, first):
                    told = f"places in {field.name!a} are not moved by all that is put before it"
                    tried = self.runs.history[-1]
                    yield Suspicion(rule=RULE, cause=told, detail=told, tried=tried, is_proven=True)
                    return

    def _firsts(self, field: Field) -> Iterator[Tried]:
        """What gives places in a text: the usual inputs, and under each switch."""
        if self._tells(field, self.first):
            yield self.first
            for one in [one for one in self.fields if set(one.choices) == {True, False}][:SWITCHES]:
                other = not self.first.probe.inputs.get(one.name, one.default)
                inputs = {**self.first.probe.inputs, one.name: other}
                made = self.runs.one(Probe(inputs=inputs, layer="equations", changed=(one.name,)))
                if made.succeeded and self._tells(field, made):
                    yield made

    def _tells(self, field: Field, tried: Tried) -> bool:
        """Whether there are places in its text."""
        text = tried.probe.inputs.get(field.name, field.default)
        found = _spans(tried.output, 0)
        return bool(found) and isinstance(text, str) and max(found)[1] <= len(text)

    def _leaves_odd(self, field: Field, first: Tried) -> bool:
        """Whether places are not moved by odd signs; where there are pieces, these tell."""
        if any(self._moves(field, ODD, first) is not False for _ in range(2)):
            return False
        odd = made(self.fields, self.runs.history[-1])
        ways = [*_ways(made(self.fields, first), field.name)]
        return not ways or any(_placed(field.name, way, True, odd) is False for way in ways)

    def _moves(self, field: Field, before: str, first: Tried) -> bool | None:
        """Whether the places are those of before, moved; None where nothing comes."""
        text = f"{before}{first.probe.inputs.get(field.name, field.default)}"
        if not field.takes(text):
            return None
        inputs = {**first.probe.inputs, field.name: text}
        changed = (*first.probe.changed, field.name)
        tried = self.runs.one(Probe(inputs=inputs, layer="equations", changed=changed))
        usual = _spans(first.output, 0)
        return _spans(tried.output, len(before)) == usual if tried.succeeded else None


def _spans(output: Any, by: int) -> set[tuple[int, int]]:
    """The places from some sign on, counted from there."""
    found = set()
    for one in islice(_rows(output), MOST):
        numbers = {key: set(words_of(key)) for key, value in one.items() if type(value) is int}
        begins = [key for key, words in numbers.items() if words & _BEGINS]
        ends = [key for key, words in numbers.items() if words & (_ENDS | _LENGTHS)]
        if len(begins) == 1 and len(ends) < 2:
            begin = one[begins[0]]
            end = one[ends[0]] if ends else begin + 1
            end += begin if ends and numbers[ends[0]] & _LENGTHS else 0
            if by <= begin < end:
                found.add((begin - by, end - by))
    return found
