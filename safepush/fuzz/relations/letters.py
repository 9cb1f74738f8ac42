"""What is told in characters: letters of another alphabet are as many as those of this one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import members, texts, words_of
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.secrecy import is_open_text

_COUNTED = re.compile(r"\b(?:characters?|letters?)\b")
#: then letters of other alphabets may well count otherwise
_ELSE = re.compile(
    r"\bbytes?\b|\bascii\b|\boctets?\b|\benglish\b|\blatin\b|\bsms\b|\bgsm\b|\bunits?\b|\bcolumns\b"
)
#: members of an output that tell how many there are
_TOLD = frozenset({"characters", "chars"})
_HERE = "abcdefghijklmnopqrstuvwxyz"
#: one letter for each, all of two bytes, none of which comes in two parts
_THERE = "абвгдежзиклмнопрстуфхцчшщы"
_OTHER = str.maketrans(_HERE + _HERE.upper(), _THERE + _THERE.upper())
#: a text is sent that is longer than most that is kept of one
TIMES, LEAST = 12, 3
#: inputs that are looked into
MOST = 2


@dataclass(frozen=True)
class Letters(Relation):
    """Two texts that are one but for their letters."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where pieces of them are not as long, though characters are spoken of."""
        said = [one.text for one in sentences(self.fields, self.source)]
        counted = [one for one in self.fields if one.numbers is not None and _is_counted(one)]
        is_told = any(_COUNTED.search(one) for one in said)
        if any(_ELSE.search(one) for one in said) or not is_told:
            return
        for field in [one for one in self.fields if is_open_text(one)][:MOST]:
            told = self.usual(field)
            if not isinstance(told, str) or not _is_plain(told):
                continue
            long = f"{told} " * TIMES if counted else told
            for text in dict.fromkeys((told, long.strip())):
                if field.takes(text) and self._is_other(field, text):
                    yield self.suspicion(f"letters in {field.name!a} count by their bytes")
                    return

    def _is_other(self, field: Field, text: str) -> bool:
        here, other = self.known({field.name: text}), text.translate(_OTHER)
        if not here.succeeded or not field.takes(other):
            return False
        made = (self.made({field.name: other}) for _ in range(2))
        return all(
            there.succeeded and (_is_shorter(text, here, there) or _tells_more(text, here, there))
            for there in made
        )


def _is_counted(field: Field) -> bool:
    said = re.sub(r"[_\W]+", " ", f"{field.name} {field.description}".lower())
    return bool(_COUNTED.search(said) or re.search(r"\bchars\b", said))


def _is_plain(text: str) -> bool:
    return text.isascii() and any(one.isalpha() for one in text) and not text.startswith("data:")


def _is_shorter(text: str, here: Tried, there: Tried) -> bool:
    """Whether a part of the text ends sooner, as one does for which there are so many bytes.

    Other words may be chosen for other reasons; then something else comes behind them.
    """
    other = text.translate(_OTHER)
    both = zip(_shown(text, here.output), _shown(other, there.output), strict=False)
    unlike = next(((a, b) for a, b in both if a[0].translate(_OTHER) != b[0]), None)
    if unlike is None:
        return False
    (wanted, behind), (got, rest) = unlike
    is_sooner = wanted.translate(_OTHER).startswith(got) and not text.endswith(wanted)
    is_same_end = rest in (behind, behind.translate(_OTHER))
    return is_sooner and is_same_end and _have_one_room(text, wanted, other, got)


def _have_one_room(text: str, wanted: str, other: str, got: str) -> bool:
    """Whether there are as many bytes of both, but for a word that is not to be cut."""
    most, least = len(wanted.encode()), len(got.encode())
    return most < least + _next(other, got) and least < most + _next(text, wanted)


def _next(text: str, shown: str) -> int:
    """The bytes up to the end of the word behind a part of a text; at least those of a letter."""
    behind = text[text.find(shown) + len(shown) :]
    found = re.match(r"\s*\S*", behind)
    return len(found[0].encode()) + 1 if found else 1


def _shown(text: str, output: Any) -> list[tuple[str, str]]:
    """The parts of a text that an output has, each as far as it goes, and what is behind each."""
    found = []
    for _, one in texts(output):
        low, high = 0, len(one)
        while low < high:  # what begins so is in the text up to some length
            middle = (low + high + 1) // 2
            low, high = (middle, high) if one[:middle] in text else (low, middle - 1)
        found.append((one[:low], one[low:]))
    return [one for one in found if len(one[0]) >= LEAST]


def _tells_more(text: str, here: Tried, there: Tried) -> bool:
    """Whether a number of characters became that of the bytes of as many."""
    known = [text.translate(_OTHER), *(one for _, one in texts(there.output))]
    known += [re.sub(r"\s", "", one) for one in known] + [one.strip() for one in known]
    known += ["".join(filter(str.isalpha, one)) for one in known]
    pairs = {(len(one), len(one.encode())) for one in known}
    one, other = _numbers(here.output), _numbers(there.output)
    return any((each, other.get(name)) in pairs for name, each in one.items() if each)


def _numbers(output: Any) -> dict[str, int]:
    return {
        name: each
        for name, each in members(output)
        if type(each) is int and _TOLD.intersection(words_of(name))
    }
