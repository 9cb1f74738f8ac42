"""Sentences that say that there may be nothing in a file: "it is empty where nobody speaks"."""

import re
from collections.abc import Sequence

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.said.sentences import OUTPUT, sentences

_EMPTY = re.compile(
    r"\b(?:is|are|be|stays?|left|remains?|comes? out|then) empty\b"
    r"|\bempty (?:file|text|table|result|output|one|if|where|when|for)\b"
    r"|\bnothing (?:is|gets) written\b"
    r"|\bfile (?:of no bytes|with nothing in it|without (?:a )?lines?)\b"
)
_NOT = re.compile(r"\b(?:not|never|no longer|cannot|must|refused|raises?|error|fails?)\b")


def is_told(fields: Sequence[Field], source: Source) -> bool:
    """Whether one of the descriptions, or the head of the code, says so of the output."""
    return any(
        _EMPTY.search(one.text)
        and not _NOT.search(one.text)
        and (one.field is None or OUTPUT.search(one.text))
        for one in sentences(fields, source)
    )
