"""A text of which all but some words is to come back as it is: words that nobody knows do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import joined, leaves
from safepush.fuzz.promises.said.sentences import Said, sentences
from safepush.fuzz.promises.sizes import files
from safepush.fuzz.relations import windows
from safepush.fuzz.relations.echoes import ELSE, ESCAPED
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.secrecy import is_open_text

_AS_IT_IS = (
    r"(?:(?:exactly |just )?(?:as (?:it|they) (?:is|are|was|were)|as is|as (?:sent|written|given)"
    r"|alone|unchanged|unaltered|unmodified|untouched|intact|verbatim"
    r"|(?:word|letter|byte|character|sign) for (?:word|letter|byte|character|sign)))\b"
)
_OTHER = (
    r"(?:(?:all|everything|anything|any|whatever(?: is)?|what is|the|every)"
    r" (?:else|rest|others?|remaining)\b(?: (?!as\b)[a-z']+){0,4}?"
    r"|(?:all|everything|anything) (?:but|except|save|apart from|besides) [^.;]{1,50}?"
    r"|(?:other|unknown)(?: [a-z']+){1,3}?"
    r"|words? (?:that|which|it|the|nobody)\b[^.;]{0,30}?(?:not|n't)\b[^.;]{0,30}?)"
)
_STAYS = (
    r"(?:(?:is|are|be|gets?|was|were) )?(?:comes?|stays?|remains?|left|kept|given|returned|passed"
    r"|goes|go|passes|untouched|let)(?: (?:back|through|out|along|on|over|be))?"
)
_CHANGES = (
    r"(?:changes?|touche?s?|alters?|replaces?|corrects?|translates?|edits?|mends?|fixe?s?|marks?"
    r"|hides?)"
)
_LET_BE = re.compile(
    rf"\b{_OTHER} {_STAYS} {_AS_IT_IS}|\b{_OTHER} (?:is|are) (?:unchanged|untouched|unaltered"
    r"|unmodified|left alone|let be|(?:not|never) (?:changed|touched|altered))\b"
    r"|\b(?:leav(?:es?|ing)|keep(?:s|ing)?|let(?:s|ting)?|with)"
    rf" (?:the rest|(?:all|everything|anything) else)(?: of [a-z ]+?)? ?(?:{_AS_IT_IS}|be\b|[.,]|$)"
    r"|\bnothing else (?:(?:is|gets) )?(?:changes?|changed|touched|altered|lost)\b"
    rf"|\b{_CHANGES} [^.;]{{1,60}} (?:and|but) nothing else\b"
    rf"|\b{_CHANGES} (?:only|nothing (?:but|except|save))\b"
    r"|\bonly [^.;]{1,40} (?:is|are|gets?) (?:changed|touched|altered|replaced|corrected|edited"
    r"|translated|mended|fixed)\b"
)
_BACK = re.compile(
    r"\b(?:it|text|message|prompt|sent|said|written|given) (?:is |are )?(?:comes? back|stays?"
    r"|given back|returned|echoed|repeated|streamed(?: back)?|sent back|left|kept|passed"
    rf"(?: on| through)?) {_AS_IT_IS}"
    r"|\b(?:gives?|sends?|streams?|hands?|says?|repeats?|echoe?s?|returns?|yields?|passes)"
    r"(?: back)? (?:it|(?:the|a|your|this) \w+|text|what [a-z ]{1,20}?)(?: back| on| through)?"
    rf" {_AS_IT_IS}"
)
#: then it may be of other texts than those that are sent here
_IF = re.compile(
    r"\b(?:if|when|unless|without|where|while|until|shorter|smaller|longer|off|0|zero)\b"
)
#: then less than a long text may well come back
_LESS = re.compile(
    r"\bfirst (?:\d|few\b|\w+ (?:words|characters|letters|lines|tokens|sentences)\b)|\bat most\b"
    r"|\bno more than\b|\bup to\b|\bcuts?\b|\btruncat|\bshorten|\blimit|\bmaxim|\bwindow|\bclip"
    r"|\blonger\b|\blongest\b|\bbeginning\b|\bexcerpt|\bpreview|\bsummar|\bteaser|\btoo long\b"
    r"|\b\d[\d,._]* (?:\w+ )?(?:words|characters|letters|tokens|signs|bytes|lines)\b"
)
#: words that no table and no language has
_PARTS = ("zu", "vej", "lqa", "ko", "pix", "mwu", "ra", "veh", "si", "jto")
FEW, MANY = 12, 324
#: bytes of a run of letters: twice as many as the longest piece that is thought of, and fewer
ROOMS = (132, 48)
#: letters of two, of three and of four bytes
ODD = ("жщ", "漢字", "𠮷𡈽")


@dataclass(frozen=True)
class Untouched(Relation):
    """A few plain words first: where these do not come back, nothing is said."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where they do, and not many of them, or not as many bytes in other letters, twice."""
        said = sentences(self.fields, self.source)
        for field in self._told(said):
            if not self._comes_back(field, _words(FEW)):
                continue
            long = [self._long(field, said, words) for words in (MANY, FEW)]
            if self._is_lost(field, long):
                told = f"all of {field.name!a} is to come back, and of a long one less does"
                yield self.suspicion(told)
            if any(ELSE.search(one.text) for one in said):
                continue
            plain, odd = next((one for one in map(runs, ROOMS) if field.takes(one[0])), ("", ""))
            if plain and self._comes_back(field, plain) and self._is_lost(field, [odd] * 2):
                told = f"all of {field.name!a} is to come back, and letters that are not ASCII"
                yield self.suspicion(f"{told} do not")

    def _told(self, said: list[Said]) -> list[Field]:
        """Texts of which a sentence says so; where it is of no text, the only one."""
        texts = [one for one in self.fields if is_open_text(one) and self._is_text(one)]
        found = [
            one.field if one.field in texts or len(texts) != 1 else texts[0]
            for one in said
            if _LET_BE.search(one.text) or (_BACK.search(one.text) and not _IF.search(one.text))
        ]
        return [one for one in texts if one in found]

    def _is_text(self, field: Field) -> bool:
        text = self.usual(field)
        return isinstance(text, str) and len(text.split()) > 1

    def _long(self, field: Field, said: list[Said], other: int) -> str | None:
        """Many words, so many of them others, if nothing says that there may be less of them."""
        told = [windows.SENT.sub("", one.text) if one.field == field else one.text for one in said]
        numbers = [one.name.lower() for one in self.fields if one.numbers is not None]
        if any(map(_LESS.search, told)) or any(map(windows.NUMBERS.search, numbers)):
            return None
        most = None if field.texts is None else field.texts.longest
        text = " ".join(_words(other).split() * (MANY // other))
        whole = text if most is None or most >= len(text) else text[:most].rpartition(" ")[0]
        cut = windows.within(field, whole)
        return cut if isinstance(cut, str) else None

    def _is_lost(self, field: Field, sent: list[str | None]) -> bool:
        """Whether neither comes back: of words that come twice one may be meant to go."""
        return all(one is not None and self._comes_back(field, one) is False for one in sent)

    def _comes_back(self, field: Field, sent: str) -> bool | None:
        """Whether it is in the output as it was, but for blanks and capitals; None if unclear."""
        tried = self.made({field.name: sent}) if field.takes(sent) else None
        if tried is None or not tried.succeeded:
            return None
        shown = [*map(_shown, _texts(tried.output))]
        if any(_shown(sent) in one for one in shown):
            return True
        return None if self._is_told(tried, shown) else False

    def _is_told(self, tried: Tried, shown: list[str]) -> bool:
        """Whether something may say that not all is there, or it is written otherwise."""
        numbers = [self.usual(one) for one in self.fields if one.numbers is not None]
        counts = [len(one.split()) for one in shown]
        is_cut = any(one.endswith(("...", "\u2026", "]")) for one in shown)
        return (
            is_cut
            or windows.tells(tried)
            or any(map(ESCAPED.search, shown))
            or any(one in numbers for one in counts)
        )


def _shown(text: str) -> str:
    return " ".join(text.split()).casefold()


def _texts(output: Any) -> Iterator[str]:
    """The texts of an output, in one piece where they come in several; those of files, too."""
    whole = joined(output)
    yield from (one for one in [whole] if one is not None)
    yield from (one for one in leaves(output) if isinstance(one, str) and whole is None)
    yield from (one.content.decode("utf-8", "replace") for one in files(output))


@cache
def _words(count: int) -> str:
    """So many words, all of them others and of one length, but for that of their parts."""
    digits = (f"{at * 37 % 1000:03}" for at in range(count))
    return " ".join("".join(_PARTS[int(one)] for one in each) for each in digits)


@cache
def runs(room: int) -> tuple[str, str]:
    """(plain letters, as many bytes of others): pieces of up to half the room cut one of them.

    The first two runs begin at an even and at an odd byte: one is cut by pieces of even bytes.
    """
    odd = [_run(letters, room) for letters in (ODD[0], *ODD)]
    return " ".join(_run("".join(_PARTS), len(one.encode())) for one in odd), " ".join(odd)


def _run(letters: str, room: int) -> str:
    count = room // len(letters[0].encode())
    return (letters * count)[:count]
