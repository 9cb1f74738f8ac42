"""Switches that say something of their own: one has an effect whichever way another one is set."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from safepush.compare import compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation

#: what it says, and a text in which it makes a difference whatever the others do; `{}` is a word
_KINDS: Mapping[str, tuple[re.Pattern[str], tuple[str, ...]]] = {
    "whole": (
        re.compile(r"(?:match_)?(?:whole|full|entire)_?words?(?:_only)?|word_boundar(?:y|ies)"),
        ("{0} x{0}x", "x{0}x {0}", "{1} x{1}x", "x{1}x"),
    ),
    "unique": (
        re.compile(
            r"unique(?:_only|_lines|_words)?|distinct|dedup(?:e|licate)?"
            r"|(?:drop|remove|skip)_(?:duplicates?|repeats)"
        ),
        ("pear 2", "apple 1", "pear 2", "Cherry 3", "apple 1", "banana 4"),
    ),
    "trim": (
        re.compile(r"trim(?:_lines)?|strip(?:_spaces|_whitespace|_blanks|_lines)?"),
        ("  pear 2  ", " apple 1", "Cherry 3   ", "  banana 4 "),
    ),
    "blank": (
        re.compile(r"(?:skip|drop|remove|ignore)_(?:blank|empty)(?:_lines|_items)?"),
        ("pear 2", "", "apple 1", "", "Cherry 3", "banana 4"),
    ),
}
_CASE = r"(?:ignore|fold|match|keep)_?case|case_?(?:in)?sensitive|upper(?:_?case)?|lower(?:_?case)?"
_TURN = r"revers(?:e|ed)|descending"
#: others that say nothing of these
_OTHERS = {
    "whole": re.compile(_CASE),
    "unique": re.compile(rf"{_CASE}|{_TURN}|sort(?:ed|_lines)?|trim|strip"),
    "trim": re.compile(_CASE),
    "blank": re.compile(rf"{_CASE}|{_TURN}"),
}
_NEEDS = re.compile(
    r"\b(?:only|unless|requires?|needs?|together|no effect|ignored|implies|in that case)\b"
    r"|\b(?:if|when|where|with|while) (?:\w+ ){0,3}(?:is )?(?:set|on|true|off|false|given|sorted)\b"
)
_SOUGHT = re.compile(r"find|terms?|query|words?|needle|search(?:_for)?|look_for|keywords?|pattern")
MOST = 3


@dataclass(frozen=True)
class Orthogonal(Relation):
    """A switch on and off, the other on and off."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """One that makes a difference while another is as it is, and none else, twice."""
        for one, other, sent in islice(self._pairs(), MOST):
            if self._is_lost(one, other, sent) and self._is_lost(one, other, sent):
                told = f"{one.name!a} makes no difference with another {other.name!a}"
                yield self.suspicion(told)
                return

    def _pairs(self) -> Iterator[tuple[Field, Field, Mapping[str, Any]]]:
        """Each such switch with each other one, and what is sent beside them."""
        said = sentences(self.fields, self.source)
        needy = {one.field for one in said if _NEEDS.search(one.text)}
        known = [one for one in self.fields if set(one.choices) == {True, False}]
        switches = [one for one in known if one not in needy]
        for kind, (named, _) in _KINDS.items():
            for one in [one for one in switches if named.fullmatch(one.name.lower())]:
                sent = self._sent(kind)
                for other in switches if sent is not None else ():
                    if other != one and _OTHERS[kind].fullmatch(other.name.lower()):
                        yield one, other, sent or {}

    def _is_lost(self, one: Field, other: Field, sent: Mapping[str, Any]) -> bool:
        told = [self._matters(one, {**sent, other.name: value}) for value in (True, False)]
        return sorted(told, key=str) == [False, True]

    def _matters(self, one: Field, changes: Mapping[str, Any]) -> bool | None:
        on, off = (self.made({**changes, one.name: value}) for value in (True, False))
        if not (on.succeeded and off.succeeded):
            return None
        return bool(compare(on.output, off.output))

    def _sent(self, kind: str) -> dict[str, Any] | None:
        """A text, or a list, in which the switch has something to do."""
        lines = _KINDS[kind][1]
        words = [
            one for one in self.fields if one.is_free_text and _SOUGHT.fullmatch(one.name.lower())
        ]
        if kind == "whole":
            word = str(self.usual(words[0]) or "") if len(words) == 1 else ""
            if not word.isalpha() or not word.isascii():
                return None
            lines = tuple(one.format(word, word.capitalize()) for one in lines)
        for field in self.fields:
            if field in words:
                continue
            if field.item is not None and field.item.is_free_text and field.takes([*lines]):
                return {field.name: [*lines]}
            if field.is_free_text and field.takes("\n".join(lines)):
                return {field.name: "\n".join(lines)}
        return None
