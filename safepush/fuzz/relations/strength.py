"""Inputs that say how much of something is done: more of it is not the same."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safepush.compat.shapes import number
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises import sizes
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.relations.relation import Relation

_STRENGTH = re.compile(
    r"(?:\w+_)?(?:amount|strength|intensity|opacity|blend|mix|gain|boost|wet)(?:_\w+)?"
)
_THRESHOLD = re.compile(r"thresh|least|at most|above|below|ignor|unused|only (?:if|when|with|for)")
#: inputs that are looked into
MOST = 2


@dataclass(frozen=True)
class Strength(Relation):
    """The least, and amounts above it."""

    def suspicions(self) -> Iterator[Suspicion]:
        """One that makes a difference at its least, and none from there on; of files alone."""
        if not any(sizes.files(self.first.output)):
            return
        for field in [one for one in self.fields if _is_strength(one)][:MOST]:
            least, values = _values(field, self.first)
            if len(values) > 1 and self._is_idle(field, least, values):
                told = f"{field.name!a} makes no difference, but at its least"
                yield self.suspicion(told)

    def _is_idle(self, field: Field, least: float, values: Sequence[float]) -> bool:
        none = self.made({field.name: least})
        if not self.differs(none):
            return False
        made = [self.made({field.name: value}) for value in values]
        return all(one.succeeded and not self.differs(one) for one in made)


def _is_strength(field: Field) -> bool:
    told = _STRENGTH.fullmatch(field.name.lower())
    is_number_ = field.numbers is not None and not field.choices
    return bool(told) and is_number_ and not _THRESHOLD.search(field.description.lower())


def _values(field: Field, first: Tried) -> tuple[float, list[float]]:
    """(the least, values above the usual one and below it)."""
    found, usual = field.numbers, first.probe.inputs.get(field.name, field.default)
    if found is None or found.low is None or found.high is None or not is_number(usual):
        return 0, []
    low, high = number(found.low.value), number(found.high.value)
    parts = [(low + usual) / 2, (usual + high) / 2, high]
    rounded = [round(one) if found.is_integer else one for one in parts]
    return low, [one for one in rounded if one not in (low, usual) and field.takes(one)]
