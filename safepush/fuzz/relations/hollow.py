"""0 and "" in a document are values: where both count as not there at all, `if value` was asked."""

import copy
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.compare import compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import document, is_number
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation

#: then values that are nothing may well be left out
_MEANS = re.compile(
    r"\bempty\b|\bblanks?\b|\b(?:non-?)?zeros?\b|\bfalse?y\b|\btruth|\bsections?\b|\bcondition"
    r"|\bunset\b|\bfilled\b|(?<![\d.\"'])0(?![\d.\"'])|\bif (?:set|true)\b"
)
#: of each kind one that counts as nothing, and one that does not
PAIRS = ((0, 1), ("", "x"))
#: members that are left out, to see which of them matter
MOST = 4

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Hollow(Relation):
    """A member left out, and in its place nothing of two kinds, and a little of both."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """A document in which 0 and "" are both what a missing member is, and 1 and "x" are not."""
        for field in self.fields:
            usual = document(self.usual(field))
            places = [*_members(usual)][:MOST]
            if not places or self._means(field):
                continue
            if any(self._counts_as_missing(field, usual, place) for place in places):
                told = f'0 and "" in {field.name!a} count as if nothing were there'
                yield self.suspicion(told)

    def _means(self, field: Field) -> bool:
        said = [one.text for one in sentences(self.fields, self.source)]
        return any(_MEANS.search(text) for text in (*said, field.description.lower()))

    def _counts_as_missing(self, field: Field, usual: Any, place: Place) -> bool:
        missing = self._with(field, _without(usual, place))
        if missing is None or not self.differs(missing):
            return False
        for nothing, little in PAIRS:
            for value, is_same in ((nothing, True), (little, False)):
                made = self._with(field, _put(usual, place, value))
                if made is None or is_same == bool(compare(missing.output, made.output)):
                    return False
        again = self._with(field, _put(usual, place, 0), anew=True)
        return again is not None and not compare(missing.output, again.output)

    def _with(self, field: Field, document: Any, *, anew: bool = False) -> Tried | None:
        """What comes of another document; None if it is refused."""
        is_text = isinstance(self.usual(field), str)
        value = json.dumps(document, ensure_ascii=False) if is_text else document
        if not field.takes(value):
            return None
        made = self.made({field.name: value}) if anew else self.known({field.name: value})
        return made if made.succeeded else None


def _members(document: Any, place: Place = ()) -> Iterator[Place]:
    """Where members of objects stand that are numbers or texts, not nothing; deep ones first."""
    if isinstance(document, dict | list):
        pairs: Sequence[tuple[str | int, Any]]
        pairs = [*(document.items() if isinstance(document, dict) else enumerate(document))]
        for key, value in pairs:
            yield from _members(value, (*place, key))
        if isinstance(document, dict):
            yield from ((*place, key) for key, value in pairs if _is_something(value))


def _is_something(value: Any) -> bool:
    return bool(value) and (isinstance(value, str) or is_number(value))


def _without(document: Any, place: Place) -> Any:
    made = copy.deepcopy(document)
    del _holder(made, place)[place[-1]]
    return made


def _put(document: Any, place: Place, value: Any) -> Any:
    made = copy.deepcopy(document)
    _holder(made, place)[place[-1]] = value
    return made


def _holder(document: Any, place: Place) -> Any:
    for key in place[:-1]:
        document = document[key]
    return document
