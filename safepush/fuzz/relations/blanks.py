"""A blank item among others: those behind it keep what is theirs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.compare import compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.parts import words_of
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation

#: then a blank one says something of what comes after it
_MEANS = re.compile(
    r"\b(?:empty|blank|nothing in)\b[^.;]*\b(?:begin|start|new|part|separat|divid|reset|section"
    r"|block|paragraph|break|repeat|before|previous|end|behind|after|stanza|verse|page|moves?|shift)"
    r"|\b(?:separat|divid|part|split)\w* by (?:an? )?(?:empty|blank)"
)
#: how many there are before it
_NUMBERS = frozenset({"index", "position", "place", "row", "line", "item", "number", "no", "rank"})
PLAIN, BLANKS = "so it went on", ("", "  ")


@dataclass(frozen=True)
class Blanks(Relation):
    """Plain words first: where these change what comes of the others, nothing is said."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Results that are moved by a blank item, and stay what they are beside plain words."""
        if any(_MEANS.search(one.text) for one in sentences(self.fields, self.source)):
            return
        for field in self.fields:
            items = self._items(field)
            usual = _rows(self.first.output, len(items))
            if len(items) < 2 or usual is None or all(one == usual[0] for one in usual):
                continue
            if not all(self._stay(field, items, usual, PLAIN, at) for at in (0, 1)):
                continue
            for blank in BLANKS:
                if self._is_moved(field, items, usual, blank):
                    told = (
                        f"a blank item of {field.name!a} gives those behind it what is not theirs"
                    )
                    yield self.suspicion(told)
                    return

    def _items(self, field: Field) -> list[str]:
        told = self.usual(field)
        item = field.item
        if item is None or not item.is_free_text or not isinstance(told, list):
            return []
        return [one for one in told if isinstance(one, str) and one.strip()]

    def _is_moved(self, field: Field, items: list[str], usual: list[Any], blank: str) -> bool:
        told = (self._stay(field, items, usual, blank, at) for at in (0, 1, 1))
        return list(told) == [False] * 3

    def _stay(
        self, field: Field, items: Sequence[str], usual: Sequence[Any], one: str, at: int
    ) -> bool | None:
        """Whether all have what they had with one more at a place; None if that is left out."""
        value = [*items[:at], one, *items[at:]]
        tried = self.made({field.name: value}) if field.takes(value) else None
        rows = _rows(tried.output, len(value)) if tried is not None and tried.succeeded else None
        return None if rows is None else not compare([*usual], [*rows[:at], *rows[at + 1 :]])


def _rows(output: Any, count: int) -> list[Any] | None:
    """The results in an output where there are as many as items, without their numbers."""
    if isinstance(output, dict):
        lists = [one for one in output.values() if isinstance(one, list) and len(one) == count]
        return [list(map(_bare, row)) for row in zip(*lists, strict=True)] if lists else None
    return [*map(_bare, output)] if isinstance(output, list) and len(output) == count else None


def _bare(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    return {key: each for key, each in one.items() if not _NUMBERS.intersection(words_of(key))}
