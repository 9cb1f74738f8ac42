"""Inputs of which more makes a picture lighter alone, or darker alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.said import shades
from safepush.fuzz.promises.said.aims import ends
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.promises.sizes import files
from safepush.fuzz.relations.relation import Relation

#: of what is most: less than this is as good as none of it
LEAST = 0.05


@dataclass(frozen=True)
class Shades(Relation):
    """None of it and the most of it: with a picture that has no room left, then the usual one."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """What goes the other way, twice."""
        if len([*files(self.first.output)]) != 1:
            return
        for one in sentences(self.fields, self.source):
            sign, field = shades.way(one), one.field
            limits = [] if field is None or field.numbers is None else _limits(field)
            if not sign or field is None or not limits:
                continue
            other = "darker" if sign > 0 else "lighter"
            for sent in self._sent(sign):
                changes = [{**sent, field.name: value} for value in limits]
                if all(self._goes_back(sign, changes) for _ in range(2)):
                    told = f"with the most of {field.name!a} pixels get {other}, and none is told"
                    yield self.suspicion(told)
                    return

    def _sent(self, sign: int) -> list[dict[str, Any]]:
        found = [one for one in self.fields if one.is_file]
        sent = media.of(self.usual(found[0])) if len(found) == 1 else None
        if sent is None or sent.kind != "image":
            return [{}]
        return [{found[0].name: shades.full(sign).uri}, {}]

    def _goes_back(self, sign: int, changes: list[dict[str, Any]]) -> bool:
        none, most = (_only(self.made(one)) for one in changes)
        return none is not None and most is not None and bool(shades.goes_back(sign, none, most))


def _limits(field: Field) -> list[float]:
    """(none of it, the most of it), where both are known."""
    found = [] if field.choices or field.is_seed else ends(field)
    return found if len(found) == 2 and abs(found[0]) <= LEAST * found[1] else []


def _only(made: Tried) -> Any:
    found = [*files(made.output)] if made.succeeded else []
    return found[0] if len(found) == 1 else None
