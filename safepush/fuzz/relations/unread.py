"""Sentences by which a line or an item that cannot be read is refused: one is sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.said.sentences import Said, sentences
from safepush.fuzz.relations.relation import Relation

_PART = (
    r"(?:lines?|items?|entr(?:y|ies)|values?|rows?|cells?|words?|ones?|numbers?|dates?|records?"
    r"|amounts?|parts?|days?|times?|pairs?|fields?|tokens?|elements?|marks?|anything|what|text|input)"
)
_REFUSED = (
    r"(?:(?:is|are|will be|gets?|must be) (?:\w+ )?(?:refused|rejected|an error|errors"
    r"|not accepted|not taken|told as an error)"
    r"|(?:raises?|gives?|is told as|causes?|ends (?:in|with)) an? (?:\w+ )?error"
    r"|fails? (?:the whole|all|everything|the prediction))"
)
_BAD = (
    r"(?:(?:is|are) (?:not|no) (?:an?|such|of|in (?:this|that)|valid|readable|like"
    r"|written|numbers?|dates?)\b|(?:cannot|can not|can't|could not) be (?:read|parsed|understood)"
    r"|(?:does|do) not (?:parse|fit|look)|isn't|aren't"
    r"|(?:is|are) (?:malformed|invalid|unreadable|broken))"
)
_TELLS = re.compile(
    rf"\b{_PART} (?:that |which )?{_BAD}[^.;]*?{_REFUSED}"
    rf"|\b(?:malformed|unreadable|invalid|broken|unparsable|bad) {_PART} {_REFUSED}"
    rf"|\b(?:anything|everything|all|any) (?:else|other)[^.;,]*? {_REFUSED}"
    rf"|\brefus(?:es|ed) [^.;]*?\b{_PART} (?:that |which )?{_BAD}"
    rf"|\b(?:never|not) (?:silently )?(?:skipped|dropped|passed over|left out)\b[^.;]*{_REFUSED}"
)
_UNLESS = re.compile(
    r"\b(?:unless|if|when|except|optional|otherwise|where)\b"
    r"|(?<!not )(?<!never )\b(?:skipped|ignored|left out|passed over)\b"
)
_SWITCH = re.compile(r"strict|error|invalid|skip|lenient|ignore|bad|malformed|tolera")
#: what no line with a number or a mark in it can be read as
WORD = "zuvelaq"
#: marks by which a line is something other than any words
_MARKED = re.compile(r"\d|[=:|@]")


@dataclass(frozen=True)
class Unread(Relation):
    """A word where each line, or item, has a number or a mark."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """One that is told to be refused and is taken, twice."""
        if any(one.choices and _SWITCH.search(one.name.lower()) for one in self.fields):
            return
        said = sentences(self.fields, self.source)
        for field in self.fields:
            told = [one for one in said if one.field == field and _is_told(one)]
            for value in _with_a_word(field, self.usual(field)) if told else ():
                tries = [self.made({field.name: value}) for _ in range(2)]
                if all(one.succeeded for one in tries):
                    what = f"what cannot be read in {field.name!a} is taken, and told to be refused"
                    yield self.suspicion(what)
                    return


def _is_told(one: Said) -> bool:
    return bool(_TELLS.search(one.text)) and not _UNLESS.search(one.text)


def _with_a_word(field: Field, usual: Any) -> Iterator[Any]:
    """The usual lines, or items, with one among them that is none."""
    if isinstance(usual, list) and field.item is not None and field.item.is_text:
        made = _among(usual)
        values: list[Any] = [made] if made else []
    elif isinstance(usual, str) and field.is_text:
        values = [
            sign.join(made) for sign in ("\n", ",", ";") if (made := _among(usual.split(sign)))
        ]
    else:
        values = []
    yield from (one for one in values[:1] if field.takes(one))


def _among(items: list[Any]) -> list[str] | None:
    """Two items at least, each with a number or a mark in it, and a word in the middle."""
    told = [one for one in items if isinstance(one, str) and one.strip()]
    if len(told) < 2 or not all(map(_MARKED.search, told)):
        return None
    return [*told[:1], WORD, *told[1:]]
