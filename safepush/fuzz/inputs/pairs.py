"""Two inputs at once: every pair of telling values in few predictions, and how they relate."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import boundaries, meaning
from safepush.fuzz.tables import own

#: values of an input that are put together with those of others
TOLD = 4
_WORD = re.compile(r"[^\W\d_]{3,}")
#: rows tried for each that is kept
TRIES = 12


def relations(fields: Sequence[Field], base: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Two inputs that are equal, the wrong way round, or of which one is a word of the other."""
    for a, b in combinations([one for one in fields if not one.is_seed], 2):
        first, second = (base.get(field.name, field.default) for field in (a, b))
        if a.choices or b.choices:
            continue
        yield from _words(a, b, base)
        yield from _words(b, a, base)
        if a.numbers is not None and b.numbers is not None:
            yield from _numbers(a, b, first, second)
        elif a.texts is not None and b.texts is not None and isinstance(first, str):
            yield from ({b.name: text} for text in (first, "") if b.takes(text))


def _words(a: Field, b: Field, base: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What is looked for, left out or replaced in a text: a word that is in it."""
    text = base.get(a.name, a.default)
    holds = b.item if b.lists is not None else b
    if not isinstance(text, str) or holds is None or holds.texts is None or b.is_secret:
        return
    told = base.get(b.name, b.default)
    words = sorted(set(_WORD.findall(text)) - set(_WORD.findall(str(told))), key=len)
    for word in words[-1:] if len(words) > 1 else ():
        value = [word] if b.lists is not None else word
        yield from [{b.name: value}] if b.takes(value) else []


def _numbers(a: Field, b: Field, first: Any, second: Any) -> Iterator[dict[str, Any]]:
    if first is not None and b.takes(first):
        yield {b.name: first}
    if None not in (first, second) and first != second and a.takes(second) and b.takes(first):
        yield {a.name: second, b.name: first}
    high, low = boundaries.edges(a), boundaries.edges(b)
    if high and low:
        yield {a.name: high[0], b.name: low[-1]}
        yield {a.name: high[-1], b.name: low[0]}


def telling(field: Field, base: Mapping[str, Any]) -> list[Any]:
    """A few values of an input that are unlike each other: as usual, and at its edges."""
    usual = base.get(field.name, field.default)
    if field.is_file:
        kind = next((one.kind for one in (media.of(usual),) if one), "image")
        odd = [one.uri for one in own.corpus(usual, kind) if one.sound][:2]
        return [usual, *odd] if usual is not None else odd
    values = [usual, *boundaries.values(field)]
    if field.texts is not None and not field.choices:
        likely = meaning.alike(field) or ("", "é🙂", "two words")
        values += [one for one in likely if field.takes(one)]
    if field.lists is not None:
        values += [[]] if field.takes([]) else []
    unique = {repr(value): value for value in values}
    return list(unique.values())[: max(TOLD, len(field.choices) + 1)]


def pairwise(
    fields: Sequence[Field], base: Mapping[str, Any], chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Whole inputs in which every pair of telling values comes up, the fullest first."""
    values = {one.name: telling(one, base) for one in fields if not one.is_secret}
    values = {name: told for name, told in values.items() if len(told) > 1}
    left = {
        ((a, i), (b, j))
        for a, b in combinations(values, 2)
        for i in range(len(values[a]))
        for j in range(len(values[b]))
    }
    while left:
        rows = [_row(values, chance, sorted(left)) for _ in range(TRIES)]
        best = max(rows, key=lambda row: len(_covered(row) & left))
        left -= _covered(best)
        yield {name: values[name][at] for name, at in best.items()}


def _row(
    values: Mapping[str, Sequence[Any]], chance: random.Random, left: Sequence[Any]
) -> dict[str, int]:
    """A row at random around one pair that is still missing."""
    row = {name: chance.randrange(len(told)) for name, told in values.items()}
    return {**row, **dict(chance.choice(left))}


def _covered(row: Mapping[str, int]) -> set[Any]:
    return set(combinations(row.items(), 2))
