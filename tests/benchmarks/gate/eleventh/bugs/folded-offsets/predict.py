"""Marks where a term stands in a text."""

import re
from collections.abc import Iterator

from cog import BaseModel, BasePredictor, Input


class Match(BaseModel):
    """`text` is what stands between `start` and `end` of the given text."""

    start: int
    end: int
    text: str


def places(text: str, term: str) -> Iterator[int]:
    """Where the term begins; matches do not overlap."""
    at = text.find(term)
    while at >= 0:
        yield at
        at = text.find(term, at + len(term))


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether no letter touches the match."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return not re.match(r"\w", before) and not re.match(r"\w", after)


class Predictor(BasePredictor):
    """Finds a term."""

    def predict(
        self,
        text: str = Input(
            description="Where to look, in any language.",
            default="The harbour is quiet. Nobody rows in the Harbour today.",
            max_length=5000,
        ),
        term: str = Input(
            description="What to look for.", default="harbour", min_length=1, max_length=100
        ),
        ignore_case: bool = Input(
            description="Take small and capital letters for the same, in every language.",
            default=True,
        ),
        whole_words: bool = Input(description="No part of a longer word.", default=False),
        limit: int = Input(description="At most so many matches.", default=20, ge=1, le=200),
    ) -> list[Match]:
        """The matches from left to right."""
        where, what = text, term
        if ignore_case:
            where, what = where.casefold(), what.casefold()
        found = []
        for start in places(where, what):
            end = start + len(what)
            if whole_words and not is_whole(where, start, end):
                continue
            found.append(Match(start=start, end=end, text=text[start:end]))
            if len(found) == limit:
                break
        return found
