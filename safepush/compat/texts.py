"""Texts that are given and not taken, by length, pattern, meaning and form."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from safepush.compat.gaps import Gap
from safepush.compat.shapes import NOTHING_OPAQUE, Texts
from safepush.compat.values import MAX_LENGTH, branch_accepts, text_of, texts
from safepush.findings import NO_EXAMPLE

_LETTERS = ("a", "A", "0", "-", "é")


def text_gaps(given: Texts, taken: Texts, hints: list[Any]) -> Iterator[Gap]:
    """What is tighter in one than in the other; `hints` are texts that the schema itself names."""
    if given.is_file != taken.is_file:
        # nothing else about them can be compared
        yield Gap(name="file", given=_meaning(given), taken=_meaning(taken), by_values=False)
        return
    if given.is_secret and not taken.is_secret:
        yield Gap(name="secret", given="secret", taken="string", by_values=False)
    for form in sorted(taken.formats - given.formats):
        told = f"format {sorted(given.formats)[0]}" if given.formats else "any format"
        yield Gap(name="format", given=told, taken=f"format {form}", by_values=False)
    yield from _length_gaps(given, taken)
    extra = taken.patterns - given.patterns
    if extra:
        yield _pattern_gap(given, taken, [one for one in hints if isinstance(one, str)])


def _meaning(texts: Texts) -> str:
    return "file" if texts.is_file else "string"


def _length_gaps(given: Texts, taken: Texts) -> Iterator[Gap]:
    if given.shortest < taken.shortest:
        yield _length("minLength", given, given.shortest, taken.shortest, given.shortest)
    if taken.longest is not None and (given.longest is None or given.longest > taken.longest):
        yield _length("maxLength", given, given.longest, taken.longest, taken.longest + 1)


def _length(word: str, given: Texts, before: int | None, after: int, shown: int) -> Gap:
    """With patterns beside it a length may not come up at all; then it must be shown."""
    bare = replace(given, opaque=NOTHING_OPAQUE)
    made = (text_of(letters, shown) for letters in _LETTERS if shown <= MAX_LENGTH)
    example = next((text for text in made if branch_accepts(bare, text)), NO_EXAMPLE)
    told = f"no {word}" if before in (None, 0) else f"{word} {before}"
    sure = example is not NO_EXAMPLE or not given.patterns
    name = "length" if sure else "unclear"
    return Gap(name=name, given=told, taken=f"{word} {after}", example=example)


def _pattern_gap(given: Texts, taken: Texts, hints: list[str]) -> Gap:
    bare, wanted = replace(given, opaque=NOTHING_OPAQUE), Texts(patterns=taken.patterns)
    made = (text for text in [*hints, "", *texts(given)] if branch_accepts(bare, text))
    example = next((text for text in made if branch_accepts(wanted, text) is False), NO_EXAMPLE)
    shown = example is not NO_EXAMPLE
    return Gap(
        name="pattern" if shown else "pattern-changed",
        given=_patterns(given),
        taken=_patterns(taken),
        example=example,
        by_values=True,
    )


def _patterns(texts: Texts) -> str:
    return " and ".join(f"pattern {one}" for one in sorted(texts.patterns)) or "no pattern"
