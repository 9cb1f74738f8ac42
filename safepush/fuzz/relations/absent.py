"""A text that ends the output where it comes: one that never comes changes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import joined
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation

_STOP = re.compile(
    r"(?:\w+_)?(?:stops?|stopping|until|halt|terminators?)(?:_\w+)?"
    r"|(?:\w+_)?end_(?:at|text|words?|sequences?|tokens?|strings?|marks?|markers?)"
)
#: such a name alone may be that of a day, a place or a bus stop
_WRITTEN = re.compile(
    r"\b(?:texts?|words?|sequences?|tokens?|strings?|phrases?|marks?|markers?|characters?"
    r"|letters?|substrings?)\b"
)
#: then something else is done where it never comes
_ELSE = re.compile(
    r"\b(?:never|not|isn't|missing|absent|unknown|nowhere|without)\b[^.;]*"
    r"\b(?:nothing|refus|reject|error|fail|empty (?:text|output|answer|result))"
)
#: texts that nobody writes, of letters that come last in any order; the longer one goes on after
#: what the output ends with
SHORT, LONG = "zq", "zyzzyvaquoll"
_TAIL = re.compile(r"[^\s,;|]{1,4}$")


@dataclass(frozen=True)
class Absent(Relation):
    """A word of the output first, which has to end it."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where a text that is not in the output has something of it lost."""
        usual = joined(self.first.output)
        if usual is None or not usual.strip():
            return
        for field in (one for one in self.fields if self._may_stop(one)):
            stops = [SHORT, f"{''.join(_TAIL.findall(usual.rstrip()))}{LONG}"]
            sent = [_sent(field, one) for one in stops if one.casefold() not in usual.casefold()]
            fitting = [one for one in sent if one is not None]
            if fitting and self._ends(field, usual):
                yield from self._lost(field, fitting, usual)

    def _may_stop(self, field: Field) -> bool:
        """Whether it is named so, nothing is sent as a rule, and words tell of texts."""
        item = field.item
        is_text = field.is_free_text or (item is not None and item.is_free_text)
        if not is_text or self.usual(field) or not _STOP.fullmatch(field.name.lower()):
            return False
        said = [one.text for one in sentences([field], Source())]
        words = " ".join([field.name.lower().replace("_", " "), *said])
        return bool(_WRITTEN.search(words)) and not any(map(_ELSE.search, said))

    def _ends(self, field: Field, usual: str) -> bool:
        """Whether the output ends before a word of it, or with that: one in the middle, or last."""
        found = [one.group() for one in re.finditer(r"\w{3,}", usual) if one.start()]
        words = [one for one in dict.fromkeys(found) if usual.count(one) == 1]
        for word in dict.fromkeys([*words[len(words) // 2 :][:1], *words[-1:]]):
            value, at = _sent(field, word), usual.index(word)
            made = self.known({field.name: value}) if value is not None else None
            wanted = [_plain(usual[:at]), _plain(usual[:at] + word)]
            if made is not None and _shown(made) in wanted:
                return True
        return False

    def _lost(self, field: Field, values: list[Any], usual: str) -> Iterator[Suspicion]:
        for value in values:
            made = self.known({field.name: value})
            if not _is_less(made, usual):
                continue
            again, first = self.runs.one(made.probe), self.made({})
            if _is_less(again, usual) and _shown(first) == _plain(usual):
                told = f"a text in {field.name!a} that never comes cuts the output"
                yield self.suspicion(told, again)
                return


def _sent(field: Field, text: str) -> Any:
    return next((one for one in (text, [text]) if field.takes(one)), None)


def _plain(text: str) -> str:
    """Without blanks that many take off as they go."""
    return " ".join(text.split())


def _shown(made: Tried) -> str | None:
    text = joined(made.output) if made.succeeded else None
    # a stream of which nothing came is no list of texts
    empty = "" if made.succeeded and made.output in ([], None) else None
    return empty if text is None else _plain(text)


def _is_less(made: Tried, usual: str) -> bool:
    now = _shown(made)
    return now is not None and len(now) < len(_plain(usual))
