"""Expectations of text: exact, contained, matching, similar."""

import difflib
import re
from dataclasses import dataclass

from safepush.expectations.base import HELD, Evidence, Outcome, no, text_of, what

SHOWN_CHARACTERS = 80
#: comparing two texts takes time that grows with the product of their lengths
MAX_SIMILAR = 20_000


@dataclass(frozen=True)
class ExactString:
    """The output is exactly this text; an empty text is a text."""

    text: str

    def look(self, evidence: Evidence) -> Outcome:
        """Character by character."""
        output = evidence.output
        if not isinstance(output, str):
            return no(f"gave {what(output)}, but exact_string asks for text")
        return HELD if output == self.text else no(_difference(output, self.text))


@dataclass(frozen=True)
class Contains:
    """The output holds each of these texts."""

    texts: tuple[str, ...]

    def look(self, evidence: Evidence) -> Outcome:
        """Case counts."""
        output = text_of(evidence.output)
        if output is None:
            return no(f"gave {what(evidence.output)}, but contains asks for text")
        missing = [text for text in self.texts if text not in output]
        told = ", ".join(map(repr, missing))
        return no(f"the output does not contain {told}") if missing else HELD


@dataclass(frozen=True)
class Regex:
    """Somewhere in the output this pattern matches."""

    pattern: re.Pattern[str]

    def look(self, evidence: Evidence) -> Outcome:
        """As Python's `re.search` does it."""
        output = text_of(evidence.output)
        if output is None:
            return no(f"gave {what(evidence.output)}, but regex asks for text")
        if self.pattern.search(output):
            return HELD
        return no(f"the output does not match regex {self.pattern.pattern!r}")


@dataclass(frozen=True)
class SimilarTo:
    """The output is this text, but for a part: 1 is the same, 0 has nothing in common."""

    text: str
    at_least: float = 0.8

    def look(self, evidence: Evidence) -> Outcome:
        """By the words that both have in the same order."""
        output = text_of(evidence.output)
        if output is None:
            return no(f"gave {what(evidence.output)}, but similar_to asks for text")
        found = similarity(output, self.text)
        if found >= self.at_least:
            return HELD
        return no(f"the output is similar by {found:.2f}, and similar_to asks for {self.at_least}")


def similarity(first: str, second: str) -> float:
    """How much two texts have in common, from 0 to 1, word for word and in order."""
    ours, theirs = (text[:MAX_SIMILAR].casefold().split() for text in (first, second))
    if not ours and not theirs:
        return 1.0
    return difflib.SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def _difference(output: str, expected: str) -> str:
    pairs = enumerate(zip(output, expected, strict=False))
    shorter = min(len(output), len(expected))
    at = next((index for index, (ours, theirs) in pairs if ours != theirs), shorter)
    return (
        f"the output differs from exact_string at character {at + 1}: "
        f"{_excerpt(output, at)} instead of {_excerpt(expected, at)}"
    )


def _excerpt(text: str, at: int) -> str:
    piece = text[at : at + SHOWN_CHARACTERS]
    return repr(piece) if piece else "the end of the text"
