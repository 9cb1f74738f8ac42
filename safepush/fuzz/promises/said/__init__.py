"""What descriptions say in plain words of the output, held against what comes out.

Each file is about one kind of sentence. A sentence counts only where it is as plain as the patterns
here ask for, and where the usual output holds to it or says nothing of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.promise import Made, Promise
from safepush.fuzz.promises.said import (
    amounts,
    clear,
    clockwise,
    figures,
    kept,
    lasting,
    pages,
    passages,
    pieces,
    ranked,
    result,
    same,
    shades,
    values,
)
from safepush.fuzz.promises.said.sentences import sentences

__all__ = ["promised"]

#: switches and choices by which what is said may well be otherwise, though no sentence says so
_OTHERWISE = re.compile(
    r"percent|per cent|scale|unit|logarithm|decibel|raw|format|style|dash|separat|group|prefix"
    r"|short|only|keep|drop|skip|best|unique|duplicate|include|exclude|filter|translat|leave|empty|sort"
    r"|order|revers|from z|down|descend|ascend|round|whole"
)
#: outputs that come piece by piece
_PIECES = re.compile(r"\bConcatenateIterator\b")


def promised(fields: Sequence[Field], source: Source, usual: Made) -> Iterator[Promise]:
    """What each output has to hold to, by the words of the descriptions."""
    said = sentences(fields, source)
    ways = frozenset(
        one.name
        for one in fields
        if one.choices and _OTHERWISE.search(f"{one.name} {one.description}".lower())
    )
    for one in said:
        own = frozenset() if one.field is None else frozenset({one.field.name})
        yield from _unless_asked(figures.promises([one], fields, usual), ways - own)
    counts = [*amounts.promises(said, fields, in_pieces=bool(_PIECES.search(source.text)))]
    # the most there may be holds in every way
    yield from (one for one in counts if one.always)
    yield from _unless_asked((one for one in counts if not one.always), ways)
    yield from _unless_asked(kept.promises(said, fields), ways)
    yield from _unless_asked(pieces.promises(said, fields), ways)
    yield from _unless_asked(passages.promises(said, fields), ways)
    yield from _unless_asked(values.promises(said, fields), ways)
    yield from _unless_asked(pages.promises(said, fields), ways)
    yield from _unless_asked(same.promises(said, fields), ways)
    yield from _unless_asked(result.promises(said, fields), ways)
    yield from _unless_asked(ranked.promises(said, usual), ways)
    yield from _unless_asked(clear.promises(said), ways)
    yield from _unless_asked(shades.promises(said, fields), ways)
    yield from clockwise.promises(said, fields)
    yield from lasting.promises(said, fields)


def _unless_asked(promises: Iterator[Promise], ways: frozenset[str]) -> Iterator[Promise]:
    return (replace(one, kept=partial(_unless, one, ways)) for one in promises)


def _unless(promise: Promise, ways: frozenset[str], made: Made) -> bool | None:
    """Whether it is kept, where it was not asked for in another way."""
    return None if made.changed & ways else promise.kept(made)
