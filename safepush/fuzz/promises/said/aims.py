"""Inputs under which a sentence of a description is most likely not to hold."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from safepush.compat.shapes import number
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media, pictures
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.likeness import LARGEST
from safepush.fuzz.promises.said import (
    amounts,
    assigned,
    clear,
    clockwise,
    kept,
    lasting,
    pages,
    passages,
    pieces,
    same,
    shades,
    values,
)
from safepush.fuzz.promises.said.sentences import Said, sentences

#: one sentence, one line, one paragraph: what is taken whole is more than was asked for
WHOLE = (
    " ".join(["the river rose and the old bridge was shut for many of us"] * 30).capitalize() + "."
)
#: numbers that a float cannot tell apart, with others
LARGE = (2**53 + 1, 2**60 + 1, 7, 2**53 + 3)
#: letters that are longer in small letters, in UTF-8 and in UTF-16
LONGER = "\u0130\u0130 \U0001f642 \u00e9 "
#: code that speaks of places in a text
_TURN = re.compile(r"turn|rotat|angle|orient|degrees")
_PLACES = re.compile(r"\b(?:starts?|begins?|offsets?|spans?)\b|finditer")
#: varied numbers, where a sentence tells something of each output
MOST_VARIED = 12
_FIGURES = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve)\b|\bnegative\b"
)
_WORDS = re.compile(r"""["']([A-Za-z]{3,14})["']""")
MOST_WORDS = 24
#: choices of one input that are put together with a file
MOST_WAYS = 6


def ideas(
    fields: Sequence[Field], base: Mapping[str, Any], source: Source
) -> Iterator[Mapping[str, Any]]:
    """The kinds of them dealt out like cards; none where nothing is said."""
    said = sentences(fields, source)
    known = {one.name: one for one in fields}
    kinds = [
        _pages(said, fields, base),
        _turned(fields, base),
        _clear(said, fields),
        shades.ideas(said, fields),
        clockwise.ideas(said, fields),
        lasting.ideas(fields, base),
        _gaps(said, fields, base),
        _ceilings(said, fields),
        _members(said, fields, base),
        _places(said, fields, base, source),
        _smaller(said, fields, base),
        values.ideas(said, fields),
        pieces.ideas(said, fields),
        passages.ideas(said, fields, base),
        _spans(fields, base, source),
        _alike(said, fields, base),
        _varied(said, fields),
        assigned.ideas(fields),
    ]
    for hand in zip_longest(*kinds):
        for made in hand:
            if made and all(known[name].takes(value) for name, value in made.items()):
                yield made


def _told(field: Field, base: Mapping[str, Any]) -> Any:
    return base.get(field.name, field.default)


def ends(field: Field) -> list[Any]:
    """The least and the most of a number, where its schema says them."""
    found = field.numbers
    bounds = [found.low, found.high] if found is not None else []
    ends = [number(one.value) for one in bounds if one is not None and not one.open]
    return [one for one in ends if field.takes(one)]


def _ceilings(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Mapping[str, Any]]:
    """Much of a kind where the least is allowed."""
    for one in said:
        if one.field is None or one.field.numbers is None or not amounts.is_ceiling(one):
            continue
        least = ends(one.field)[:1] or [1]
        for text in (field for field in fields if field.is_free_text):
            most = None if text.texts is None else text.texts.longest
            yield {one.field.name: least[0], text.name: WHOLE[:most]}
            yield {one.field.name: least[0], text.name: (WHOLE.replace(" and ", ". ") * 2)[:most]}


def _pages(
    said: Sequence[Said], fields: Sequence[Field], base: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """A document of several pages, where these are spoken of."""
    if pages.speaks(said):
        for one in (field for field in fields if field.is_file):
            sent = media.of(_told(one, base))
            if sent is not None and sent.kind == "image":
                yield {one.name: pictures.paged().uri}


def _turned(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A larger picture each way round, where there is a most to how large it may come out."""
    if not any(LARGEST.fullmatch(one.name.lower()) for one in fields):
        return
    turns = [one for one in fields if one.choices and _TURN.search(one.name.lower())]
    for file in fields:
        sent = media.of(_told(file, base))
        for larger in media.others(sent.kind)[1:] if sent is not None else ():
            yield {file.name: larger.uri}
            yield from (
                {file.name: larger.uri, turn.name: way} for turn in turns for way in turn.choices
            )


def _clear(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Mapping[str, Any]]:
    """A picture with a transparent part, made in each way; and such whose colours say it."""
    for file in (one for one in fields if one.is_file and clear.speaks(said)):
        ways = [one for one in fields if one.choices]
        sent = {file.name: pictures.clear().uri}
        yield sent
        if clear.is_of_all(said):
            yield from ({file.name: media.own(one).uri} for one in pictures.clear_colours())
        yield from ({**sent, one.name: way} for one in ways for way in one.choices[:MOST_WAYS])


def _gaps(
    said: Sequence[Said], fields: Sequence[Field], base: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Texts with lines that have nothing in them, where there are to be as many as before."""
    if same.counts_text(said):
        for one in (field for field in fields if field.is_free_text):
            usual = str(_told(one, base) or "")
            yield {one.name: f"{usual}\n\nthe third  line\n  \nand the last"}
            yield {one.name: f"{usual}\n{usual}\nthe same line\nthe same line"}


def _members(
    said: Sequence[Said], fields: Sequence[Field], base: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Lists with an item twice, and with large numbers; all lists as long as each other."""
    lists = [one for one in fields if one.lists is not None]
    spoken = [one.field for one in said if one.field is not None and one.field.lists is not None]
    for field in dict.fromkeys(spoken):
        usual = _told(field, base)
        if isinstance(usual, list) and usual:
            yield {one.name: _twice(_told(one, base)) for one in lists}
        item = field.item
        if item is not None and item.numbers is not None and item.numbers.is_integer:
            few = {one.name: [3, 4, 1, 2] for one in lists if one is not field}
            yield {field.name: [*LARGE], **few}


def _twice(value: Any) -> Any:
    return [*value, value[0]] if isinstance(value, list) and value else value


def _places(
    said: Sequence[Said], fields: Sequence[Field], base: Mapping[str, Any], source: Source
) -> Iterator[Mapping[str, Any]]:
    """Words that the model knows, where they are to be left as they are."""
    for one in said:
        field = one.field
        if field is None or not field.is_free_text:
            continue
        for place in kept.places(one):
            form = kept.PLACES[place][1]
            usual = re.findall(r"[A-Za-z]{3,14}", str(_told(field, base) or ""))
            words = dict.fromkeys([*map(str.lower, usual), *_WORDS.findall(source.text)])
            text = " ".join(form % word for word in [*words][:MOST_WORDS])
            yield {field.name: text}


def _smaller(
    said: Sequence[Said], fields: Sequence[Field], base: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Lists that are shorter than a number which there are to be less by."""
    for one in said:
        found = amounts.less(one, fields)
        if found is None:
            continue
        items, by = found
        usual = next((_told(field, base) for field in fields if field.name == items), None)
        field = next(each for each in fields if each.name == by)
        for value in dict.fromkeys([*ends(field)[1:], 7, 5]):
            if isinstance(usual, list) and usual:
                yield {items: (usual * 3)[:3], by: value}


def _spans(
    fields: Sequence[Field], base: Mapping[str, Any], source: Source
) -> Iterator[Mapping[str, Any]]:
    """Letters of other lengths before what is looked for."""
    if kept.sought(fields) or _PLACES.search(source.text):
        for one in (field for field in fields if field.is_free_text):
            usual = _told(one, base)
            if isinstance(usual, str) and usual.strip():
                yield {one.name: f"{LONGER}{usual}"}
                yield {one.name: f"  e\u0301 \u00e9\r\n{usual}"}


def _alike(
    said: Sequence[Said], fields: Sequence[Field], base: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Two inputs of one form the other way round, and at the ends of their pattern."""
    if not any(_FIGURES.search(one.text) for one in said):
        return
    texts = [one for one in fields if _patterns(one)]
    for at, one in enumerate(texts):
        for other in texts[at + 1 :]:
            if _patterns(one) == _patterns(other):
                yield {one.name: _told(other, base), other.name: _told(one, base)}
        usual = _told(one, base)
        if isinstance(usual, str):
            for sign in "0fFaA9":
                yield {one.name: re.sub(r"[0-9A-Za-z]", sign, usual)}


def _patterns(field: Field) -> frozenset[str]:
    return frozenset() if field.texts is None else field.texts.patterns


def _varied(said: Sequence[Said], fields: Sequence[Field]) -> Iterator[Mapping[str, Any]]:
    """Numbers of all sizes, where a sentence has figures that each output is held to."""
    if not any(_FIGURES.search(one.text) for one in said):
        return
    numbers = [one for one in fields if one.numbers is not None and len(ends(one)) == 2]
    numbers = [one for one in numbers if not (one.is_seed or one.choices)]
    dice = random.Random(len(numbers))  # noqa: S311 (the same each time)
    for _ in range(MOST_VARIED if numbers else 0):
        made = {}
        for one in numbers:
            low, high = ends(one)
            whole = one.numbers is not None and one.numbers.is_integer
            made[one.name] = dice.randint(low, high) if whole else dice.uniform(low, high)
        yield made
