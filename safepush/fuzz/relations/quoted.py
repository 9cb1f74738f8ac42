"""Values of a JSON document that come back: what stands in quotes is nobody's to mend."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.secrecy import is_open_text

#: as long as what is odd, with capitals and signs as well: a text may be cut, or cleaned
PLAIN = "So it went on, 'by day', by #5 a/b, Nobody knew, By night too, for a long while, by and by"
#: what readers of almost JSON look for outside of quotes
ODD = "None of these, True or False, NaN, undefined, 'so', // no, # no, a comma ,] and one ,} too"


@dataclass(frozen=True)
class Quoted(Relation):
    """A plain text first: a document that does not come back with it says nothing."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where a document comes back but for a text with words that mean something elsewhere."""
        for field in (one for one in self.fields if is_open_text(one)):
            if not _is_document(self.usual(field)) or self._comes_back(field, PLAIN) is not True:
                continue
            if [self._comes_back(field, ODD) for _ in range(2)] == [False, False]:
                yield self.suspicion(f"what stands in quotes in {field.name!a} is altered")

    def _comes_back(self, field: Field, text: str) -> bool | None:
        """Whether the values are the same; None where nothing comes."""
        document = {"title": text, "count": 3, "tags": [text, "b"]}
        sent = json.dumps(document)
        tried = self.made({field.name: sent}) if field.takes(sent) else None
        if tried is None or not tried.succeeded:
            return None
        return any(one == document for one in _values(tried.output))


def _is_document(usual: Any) -> bool:
    return isinstance(usual, str) and "{" in usual and '"' in usual and ":" in usual


def _values(output: Any) -> Iterator[Any]:
    """An output and its members, and what those of them are that are JSON text."""
    yield output
    if isinstance(output, str):
        with suppress(ValueError, RecursionError):
            yield json.loads(output)
    if isinstance(output, dict):
        for one in output.values():
            yield from _values(one)
