"""A switch by which capitals make no difference: not under any other switch or choice either."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from safepush.compare import compare
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.relations.relation import Relation

_IGNORES = re.compile(r"(?:ignore|fold|any)_?case|case_?(?:in(?:sensitive)|fold|less)")
_HEEDS = re.compile(r"case_?sensitive|match_?case|keep_?case|exact_?case")
_SOUGHT = re.compile(r"find|term|query|pattern|words?|needle|search(?:_for)?|look_for|keyword|name")
#: other ways in which it is asked
MOST = 6


@dataclass(frozen=True)
class Cases(Relation):
    """The word that is looked for, in capitals."""

    def suspicions(self) -> Iterator[Suspicion]:
        """Another way to ask under which capitals make a difference, where as usual they do not."""
        switch = self._switch()
        for field in (one for one in self.fields if _is_sought(one)):
            word = self.usual(field)
            if switch is None or not isinstance(word, str) or word.upper() == word:
                continue
            if not self._is_alike(field, word, switch):
                continue
            for way in islice(self._ways(switch), MOST):
                told = [self._is_alike(field, word, {**switch, **way}) for _ in range(2)]
                if told == [False, False]:
                    yield self._suspicion(field, next(iter(way)))
                    return

    def _suspicion(self, field: Field, way: str) -> Suspicion:
        told = f"capitals in {field.name!a} make a difference with {way!a}"
        return self.suspicion(told)

    def _switch(self) -> Mapping[str, Any] | None:
        for one in self.fields:
            if set(one.choices) == {True, False}:
                name = one.name.lower()
                if _IGNORES.fullmatch(name) or _HEEDS.fullmatch(name):
                    return {one.name: bool(_IGNORES.fullmatch(name))}
        return None

    def _ways(self, switch: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        for one in (one for one in self.fields if one.choices and one.name not in switch):
            usual = self.first.probe.inputs.get(one.name, one.default)
            yield from ({one.name: value} for value in one.choices if value != usual)

    def _is_alike(self, field: Field, word: str, ways: Mapping[str, Any]) -> bool | None:
        """Whether the same is found in capitals; None where nothing comes, or nothing is found."""
        one, other, none = (
            self.made({**ways, field.name: text}) for text in (word, word.upper(), "zuvelaq")
        )
        if not (one.succeeded and other.succeeded and none.succeeded):
            return None
        if not compare(one.output, none.output):
            return None
        return not compare(_small(one.output), _small(other.output))


def _is_sought(field: Field) -> bool:
    return field.is_free_text and bool(_SOUGHT.fullmatch(field.name.lower()))


def _small(output: Any) -> Any:
    if isinstance(output, str):
        return output.lower()
    if isinstance(output, list):
        return [_small(one) for one in output]
    return {key: _small(one) for key, one in output.items()} if isinstance(output, dict) else output
