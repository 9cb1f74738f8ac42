"""Numbers that say which item or which line it is: one more before them moves them all."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.parts import objects, words_of
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation

_PLACE = frozenset({"index", "position", "place", "row", "line", "item"})
#: then what is empty is not counted
_OTHERWISE = re.compile(
    r"\b(?:non-?(?:empty|blank)|(?:do|does|are|is)(?: not|n't) count\w*|not counted"
    r"|(?:empty|blank) (?:ones|lines|items) (?:are )?not\b|among the|left over|that are left"
    r"|without (?:the )?(?:empty|blank)|of those)\b"
)
PLAIN, EMPTY = "so it went on", ("", " ")


@dataclass(frozen=True)
class Places(Relation):
    """Plain words first: where these move no place, nothing is said."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where plain words before all others move the places as they should, and a blank not."""
        usual = _places(self.first.output, 0)
        said = [one.text for one in sentences(self.fields, self.source)]
        if not usual or any(_OTHERWISE.search(one) for one in said):
            return
        for field in self.fields:
            if not self._moves(field, PLAIN, usual):
                continue
            for blank in EMPTY:
                if [self._moves(field, blank, usual) for _ in range(2)] == [False, False]:
                    told = f"places in {field.name!a} are not moved by an empty one before them"
                    yield self.suspicion(told)
                    return

    def _moves(self, field: Field, before: str, usual: Counter[Any]) -> bool | None:
        """Whether all places are those of before and one more; None where nothing comes."""
        told = self.usual(field)
        value: Any = None
        if field.item is not None and field.item.is_free_text and isinstance(told, list):
            value = [before, *told]
        elif field.is_free_text and isinstance(told, str):
            value = f"{before}\n{told}"
        if value is None or not field.takes(value):
            return None
        tried = self.made({field.name: value})
        found = _places(tried.output, 1)
        # what was put before may have a place of its own
        return not usual - found if tried.succeeded and found else None


def _places(output: Any, by: int) -> Counter[Any]:
    """Each place that an output tells, counted from there, with what it is called."""
    return Counter(
        (name, value - by)
        for one in objects(output)
        for name, value in one.items()
        if type(value) is int and _PLACE.intersection(words_of(name))
    )
