"""Long texts of which only so many of the first words come back, and nothing tells so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import joined
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation

#: then less may well come back
_LESS = re.compile(
    r"\bfirst\b|\btitles?\b|\bheadlines?\b|\bcut(?:s|ting)?\b|\bshort|\btruncat|\bpreview|\bexcerpt"
    r"|\bteaser|\bbeginning\b|\bsummar|\bkeywords?\b|\btop\b|\bat most\b|\bno more than\b|\bonly\b"
    r"|\blimit|\bwindow|\bclip|\bslugs?\b|\bname for\b|\bskip|\bdrop|\bignor|\bpart of\b|\bsample"
    r"|\bmaxim|\bmost\b|\bleaves? out\b|\bchoos|\bpick|\blead\b|\bintro|\bopening\b"
    r"|\bcomplet|\bcontinu|\bmore \w+ than\b|\bhow many\b|\bthan this\b|\bso many\b"
    r"|\b\d+ (?:characters|letters|words|signs|items|lines|tokens)\b"
)
#: of what is sent there may be no more, which is no limit of what comes out
SENT = re.compile(
    r"\bup to (?P<most>\d[\d,._]*) (?:\w+ )?(?P<what>characters|letters|words|items|lines|texts"
    r"|entries|names|titles|sentences)\b(?: each)?"
)
_TOLD = re.compile(r"trunc|cut|omit|rest|remain|drop|skip|left|more|partial|total|count|warn|note")
NUMBERS = re.compile(
    r"max|limit|length|words|count|size|width|tokens|num|top|number|lines|chars|most|many|long|keep"
)
#: as few words as nobody loses by chance, and how many are sent
FEWEST, WORDS = 12, 700
#: words of the usual text that have to come back
MOST_USUAL = 3


@dataclass(frozen=True)
class Windows(Relation):
    """The words of a long text, or the items of a long list, one by one."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where the first ones come back and no other, though all of a shorter text do, twice."""
        if not self._may_be_told():
            return
        texts = [one for one in self.fields if _is_long(one, self.usual(one))]
        for field in texts if len(texts) == 1 else ():
            sent, usual = within(field, _long(field)), self.usual(field)
            if not _are_back(usual, self.first.output) or not sent:
                continue
            short, long = (
                self.made({field.name: _cut(sent, FEWEST - 2)}),
                self.made({field.name: sent}),
            )
            if _kept(short) == FEWEST - 2 and FEWEST <= (_kept(long) or 0) < _count(sent):
                again = self.runs.one(long.probe)
                numbers = [self.usual(one) for one in self.fields if one.numbers is not None]
                if _kept(again) == _kept(long) and _kept(long) not in numbers:
                    told = f"what comes late in a long {field.name!a} is lost, and nothing tells so"
                    yield self.suspicion(told, again)

    def _may_be_told(self) -> bool:
        said = [SENT.sub("", one.text) for one in sentences(self.fields, self.source)]
        numbers = [one.name.lower() for one in self.fields if one.numbers is not None]
        return not any(map(_LESS.search, said)) and not any(map(NUMBERS.search, numbers))


def _is_long(field: Field, usual: Any) -> bool:
    """Whether it is a text, or a list of texts, that may have many words."""
    if field.item is not None:
        return field.item.is_free_text and isinstance(usual, list) and len(usual) > 1
    return field.is_free_text and isinstance(usual, str) and len(usual.split()) >= MOST_USUAL


def _long(field: Field) -> Any:
    words = [_word(at) for at in range(WORDS)]
    if field.item is not None:
        return next((one for one in (words, words[:100], words[:40]) if field.takes(one)), None)
    most = None if field.texts is None else field.texts.longest
    room = words if most is None else words[: most // (len(words[0]) + 1)]
    text = " ".join(room)
    return text if len(room) > FEWEST and field.takes(text) else None


def within(field: Field, sent: Any) -> Any:
    """No more of it than a description says that there may be."""
    for one in SENT.finditer(field.description.lower()):
        most = int(re.sub(r"\D", "", one["most"]))
        if one["what"] in ("characters", "letters"):
            most = WORDS if isinstance(sent, list) else most // len(_word(0) + " ")
        sent = _cut(sent, most) if sent is not None else None
    return sent if sent is None or _count(sent) > FEWEST else None


def _word(at: int) -> str:
    """Words of letters alone, none of which is in another."""
    signs = "bcdfghjklm"
    return "qu" + "".join(f"{signs[int(one)]}a" for one in f"{at:03}")


def _words(value: Any) -> list[str]:
    return value if isinstance(value, list) else str(value).split()


def _cut(sent: Any, count: int) -> Any:
    return sent[:count] if isinstance(sent, list) else " ".join(sent.split()[:count])


def _count(sent: Any) -> int:
    return len(_words(sent))


def _kept(made: Tried) -> int | None:
    """How many of the words that were sent came back, if those are all of the first ones."""
    value = next((made.probe.inputs[name] for name in made.probe.changed), None)
    text = _text(made.output) if made.succeeded else None
    if text is None or value is None or tells(made):
        return None
    known = set(re.findall(r"\w+", text.lower()))
    found = [word in known for word in _words(value)]
    count = sum(found)
    # what is told to be left out, by dots or in words, is told
    if text.rstrip().endswith(("...", "\u2026", "]")) or not all(found[:count]):
        return None
    return count


def tells(made: Tried) -> bool:
    """Whether a member of the output, or a line of the log, may say that there was more."""
    names = made.output if isinstance(made.output, dict) else ()
    logs = made.prediction.logs if made.prediction is not None else ""
    return bool(logs) or any(_TOLD.search(name.lower()) for name in names)


def _text(output: Any) -> str | None:
    if isinstance(output, list) and output and all(isinstance(one, str) for one in output):
        return "\n".join(output)
    return joined(output)


def _are_back(usual: Any, output: Any) -> bool:
    """Whether most of the usual words are in the usual output."""
    text = _text(output)
    if text is None:
        return False
    known, sent = set(re.findall(r"\w+", text.lower())), _plain(usual)
    return bool(sent) and sum(one in known for one in sent) >= 0.5 * len(sent)


def _plain(usual: Any) -> Sequence[str]:
    return re.findall(r"\w+", " ".join(_words(usual)).lower())
