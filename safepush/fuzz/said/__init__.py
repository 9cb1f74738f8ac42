"""What descriptions say in plain words of the output, held against what comes out.

Each file is about one kind of sentence. A sentence counts only where it is as plain as the patterns
here ask for, and where the usual output holds to it or says nothing of it.
"""

from collections.abc import Iterator, Sequence

from safepush.fuzz.fields import Field
from safepush.fuzz.promises import Made, Promise
from safepush.fuzz.said import amounts, figures, kept
from safepush.fuzz.said.sentences import sentences
from safepush.fuzz.source import Source

__all__ = ["promised"]


def promised(fields: Sequence[Field], source: Source, usual: Made) -> Iterator[Promise]:
    """What each output has to hold to, by the words of the descriptions."""
    said = sentences(fields, source)
    yield from figures.promises(said, fields, usual)
    yield from amounts.promises(said, fields)
    yield from kept.promises(said, fields)
