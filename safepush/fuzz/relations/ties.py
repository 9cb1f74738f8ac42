"""Lines that agree in what they are sorted by: told to keep their order, which way round it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepush.compare import compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs.edits import agreeing
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation

_KEPT = re.compile(
    r"\b(?:agree|equal|same|ties?|tied)\b.*\b(?:keep|stay|remain|left)\w*\b.*\border\b|\bstable\b"
)
_WAY = re.compile(r"desc\w*|asc\w*|reverse\w*|largest_first|highest_first|newest_first")


@dataclass(frozen=True)
class Ties(Relation):
    """Lines that all agree, both ways round."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Lines that all agree and come in another order the other way round."""
        said = [one.text for one in sentences(self.fields, self.source)]
        ways = [
            one
            for one in self.fields
            if set(one.choices) == {True, False} and _WAY.fullmatch(one.name.lower())
        ]
        if not ways or not any(_KEPT.search(one) for one in said):
            return
        for field in (one for one in self.fields if one.is_free_text):
            text = self.usual(field)
            for tied in agreeing(text) if isinstance(text, str) else ():
                if [self._is_turned(field, tied, ways[0]) for _ in range(2)] == [True, True]:
                    told = f"what agrees is in another order with another {ways[0].name!a}"
                    yield self.suspicion(told)
                    return

    def _is_turned(self, field: Field, text: str, way: Field) -> bool:
        """Whether the one is the other from its end, where all lines agree."""
        one, other = (self._made(field, text, way, value) for value in (False, True))
        if one is None or other is None or not _are_reversed(one, other):
            return False
        # what does not agree comes in its own order, whatever was sent first
        sent_last = self._made(field, "\n".join(text.split("\n")[::-1]), way, False)
        return sent_last is not None and _are_reversed(one, sent_last)

    def _made(self, field: Field, text: str, way: Field, value: bool) -> list[Any] | None:
        made = self.made({field.name: text, way.name: value})
        return made.output if isinstance(made.output, list) and len(made.output) > 1 else None


def _are_reversed(one: list[Any], other: list[Any]) -> bool:
    return bool(compare(one, other)) and not compare(one, other[::-1])
