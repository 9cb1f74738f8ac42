"""Nothing of something is not the usual amount of it: `0` is often read as "not given"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepush.compat.shapes import number
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.relations.relation import Relation

#: then it may well stand for something else
_STANDS = re.compile(
    r"(?<![\d.])0(?![\d.])|\bzero\b|\bnone\b|\boff\b|\bno (?:limit|change)|\bauto|\bdisable"
    r"|\bunlimited|\bdefault|\bwithout\b|\bleft out\b|\boptional\b"
)
#: inputs that are looked into
MOST = 3


@dataclass(frozen=True)
class Falsy(Relation):
    """0 beside the usual amount and a little."""

    def suspicions(self) -> Iterator[Suspicion]:
        """A number of which nothing gives what is usual, and a little of it something else."""
        looked = 0
        for field in self.fields:
            little = _little(field, self.usual(field))
            zero = self._known(field) if little else None
            if zero is None or self.differs(zero) or looked == MOST:
                continue
            looked += 1
            if all(self.differs(self.made({field.name: value})) for value in little):
                again = self.made({field.name: 0})
                if again.succeeded and not self.differs(again):
                    told = f"0 in {field.name!a} gives what is usual, and a little of it does not"
                    yield self.suspicion(told, zero)

    def _known(self, field: Field) -> Tried | None:
        """What 0 alone gave."""
        for one in self.runs.history:
            is_zero = one.probe.inputs.get(field.name) == 0 and one.succeeded
            if is_zero and one.probe.changed == (field.name,):
                return one
        return None


def _little(field: Field, usual: Any) -> list[Any]:
    """Two amounts between nothing and what is usual, or above nothing where that is not told."""
    told = field.numbers
    if told is None or field.choices or field.is_seed or not field.takes(0):
        return []
    if _STANDS.search(field.description.lower()) or usual == 0 or isinstance(usual, bool):
        return []
    high = usual if is_number(usual) else number(told.high.value) if told.high is not None else 4
    parts = [high / 4, high / 2]
    made = [round(one) for one in parts] if told.is_integer else parts
    fitting = [one for one in dict.fromkeys(made) if one not in (0, usual) and field.takes(one)]
    return fitting if len(fitting) > 1 else []
