"""Lines that agree in what they are sorted by: told to keep their order, which way round it is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safepush.compare import compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs.edits import agreeing
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.runs import Runs

_KEPT = re.compile(
    r"\b(?:agree|equal|same|ties?|tied)\b.*\b(?:keep|stay|remain|left)\w*\b.*\border\b|\bstable\b"
)
_WAY = re.compile(r"desc\w*|asc\w*|reverse\w*|largest_first|highest_first|newest_first")


@dataclass(frozen=True)
class Ties:
    """Makes a few predictions of its own; `first` are the usual inputs and what they gave."""

    fields: Sequence[Field]
    first: Tried
    runs: Runs
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
            text = self.first.probe.inputs.get(field.name, field.default)
            for tied in agreeing(text) if isinstance(text, str) else ():
                if [self._is_turned(field, tied, ways[0]) for _ in range(2)] == [True, True]:
                    told = f"what agrees is in another order with another {ways[0].name!a}"
                    tried = self.runs.history[-1]
                    yield Suspicion(rule=RULE, cause=told, detail=told, tried=tried, is_proven=True)
                    return

    def _is_turned(self, field: Field, text: str, way: Field) -> bool:
        """Whether the one is the other from its end; all of it agrees."""
        inputs = self.first.probe.inputs
        one, other = (
            self.runs.one(changed(inputs, {field.name: text, way.name: value}, "equations")).output
            for value in (False, True)
        )
        are_lists = isinstance(one, list) and isinstance(other, list) and len(one) > 1
        return are_lists and bool(compare(one, other)) and not compare(one, other[::-1])
