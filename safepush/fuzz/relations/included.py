"""A first and a last that are both kept: where they are one, that one comes out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from safepush.compat.shapes import number
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.said.sentences import Said, sentences
from safepush.fuzz.relations.relation import Relation

#: words of the names of ends, each with those that beginnings have
_ENDS = {
    "last": ("first", "start"),
    "end": ("start", "begin", "first", "from"),
    "to": ("from", "start"),
    "stop": ("start", "first"),
    "until": ("from", "since", "start"),
    "through": ("from", "start"),
    "high": ("low",),
    "upper": ("lower",),
}
_DONE = r"(?:kept|taken|included|shown|read|returned|given|used|written|left in)"
_TELLS = re.compile(
    r"\binclusive(?:ly)?\b|\bup to and including\b|(?:^|[,(] ?)(?:both |also )?included\b"
    r"|\b(?:both|ends?|last|it|itself|this|that)(?: \w+)? (?:is |are |being )?(?:also )?included\b"
    rf"|\blast (?:\w+ )?(?:that |which )?(?:is |will be |to be )?(?:still )?{_DONE}\b"
    r"|\blast (?:\w+ )?to (?:keep|take|include|show|read|return|give|use|write)\b"
)
_UNLESS = re.compile(
    r"\bwhere\b(?! (?:it|they) ends?\b| to (?:end|stop)\b)|\bnot\b|\bnever\b|\bexclu|n't\b"
    r"|\bwithout\b|\bbefore\b|\bunless\b|\bif\b|\bwhen\b"
)
#: of ends that may not be one, or numbers that stand for something else
_APART = re.compile(
    r"\b(?:greater|larger|higher|later|more|bigger) than\b|\babove\b|\bafter\b|\bbeyond\b"
    r"|\b(?:0|zero) (?:means|is (?:for|all|no|none|the (?:end|last))|for|gives|stands|takes)\b"
)
#: then there is one less of what comes out, and none where both are one
_PAIRS = re.compile(
    r"\bdiffer|\bpairs?\b|\btransitions?\b|\bgaps?\b|\bintervals?\b|\bsuccessive\b"
    r"|\bconsecutive\b|\bneighbou?r|\bchanges?\b|\bdeltas?\b|\bsegments?\b|\bedges?\b"
    r"|\bsteps?\b|\bnext one\b|\bbefore it\b|\bone before\b"
    r"|\bbetween (?:each|every|two|any|them|neighbou?rs?|frames|pages|lines|rows|items)\b"
)
_FROM_ONE = re.compile(
    r"\b(?:from|at|with) (?:1|one)\b|\b(?:1|one)-based\b"
    r"|\bfirst (?:\w+ )?is (?:number )?(?:1|one)\b"
)


@dataclass(frozen=True)
class Included(Relation):
    """The same number for both, beside one more and two more for the last one."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """None, or a refusal, where one more for the last gives one item more each time."""
        for begin, end in self._told():
            least = _least(begin, self.usual(begin))
            beside = self._many(begin, end)
            if least is None or beside is None or not end.takes(least + 2):
                continue
            one, two = (self._count(begin, end, least, more, beside) for more in (1, 2))
            if one not in (1, 2) or two != one + 1:
                continue
            # the first of all may be none of those that are asked for, so the next one is, too
            if any(self._count(begin, end, at, 0, beside) for at in (least, least + 1)):
                continue
            again = self.runs.one(self._sent(begin, end, least, 0, beside).probe)
            if not _items(again):
                told = f"{begin.name!a} and {end.name!a} that are one give nothing, and"
                yield self.suspicion(f"{told} the last one is told to be kept", again)
                return

    def _told(self) -> Iterator[tuple[Field, Field]]:
        """(first, last) of which words say that the last one is kept, too."""
        said = sentences(self.fields, self.source)
        if any(_PAIRS.search(one.text) for one in said):
            return
        for end in self.fields:
            begin = next((one for one in self.fields if _are_ends(one, end)), None)
            if begin is None or any(map(_APART.search, (_words(begin), _words(end)))):
                continue
            if any(_is_told(one, begin, end) for one in said):
                yield begin, end

    def _many(self, begin: Field, end: Field) -> Tried | None:
        """The usual inputs, or others, of which a list of several comes."""
        ends = {begin.name, end.name}
        made = [one for one in self.runs.history if ends.isdisjoint(one.probe.changed)]
        found = [one for one in (self.first, *made) if len(_items(one) or ()) > 1]
        return max(found, key=lambda one: min(3, len(_items(one) or ())), default=None)

    def _sent(self, begin: Field, end: Field, at: int, more: int, beside: Tried) -> Tried:
        return self.known({begin.name: at, end.name: at + more}, beside)

    def _count(self, begin: Field, end: Field, at: int, more: int, beside: Tried) -> int:
        """How many items there are; 0 where it is refused, too."""
        return len(_items(self._sent(begin, end, at, more, beside)) or ())


def _are_ends(begin: Field, end: Field) -> bool:
    """Whether they are whole numbers with names such as `first_page` and `last_page`."""
    kinds = (begin.numbers, end.numbers)
    if begin is end or not all(one is not None and one.is_integer for one in kinds):
        return False
    words, others = begin.name.lower().split("_"), end.name.lower().split("_")
    apart = [(a, b) for a, b in zip(words, others, strict=False) if a != b]
    fits = len(words) == len(others) and len(apart) == 1
    return fits and apart[0][0] in _ENDS.get(apart[0][1], ())


def _words(field: Field) -> str:
    return " ".join(field.description.lower().split())


def _is_told(one: Said, begin: Field, end: Field) -> bool:
    """Whether a sentence is of the last one, or of both, and says that it is kept."""
    if not _TELLS.search(one.text) or _UNLESS.search(one.text):
        return False
    if one.field is None:
        return one.names(begin.name) and one.names(end.name)
    is_both = one.field == begin and (one.names(end.name) or "both" in one.text)
    return one.field == end or is_both


def _least(begin: Field, usual: Any) -> int | None:
    """The number of what is surely there: 0, or 1 where counting begins with it."""
    if _FROM_ONE.search(_words(begin)):
        return 1
    low = begin.numbers.low if begin.numbers is not None else None
    for value in (usual, None if low is None else number(low.value)):
        if type(value) is int and value in (0, 1):
            return value
    return None


def _items(made: Tried) -> list[Any] | None:
    """The output if it is a list, or the only list in it."""
    output = made.output if made.succeeded else None
    if isinstance(output, Mapping):
        lists = [one for one in output.values() if isinstance(one, list)]
        return lists[0] if len(lists) == 1 else None
    return output if isinstance(output, list) else None
