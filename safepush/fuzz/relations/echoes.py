"""A text that is said back: letters of other alphabets are in it as well."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.parts import joined
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.secrecy import is_open_text

#: the first takes more room than the others, in letters and in bytes
PLAIN, ODD = "zuvela kopano muravi semito", ("Fünf schöne Äpfel", "漢字 🙂 ещё")
#: then some letters may well go
ELSE = re.compile(
    r"\b(?:non-?)?(?:ascii|latin|english|printable|sms|gsm|morse|braille)\b|\bemojis?\b|\baccent"
    r"|\bdiacritic|\btransliterat|\bromani[sz]|\bumlaut|\b(?:special|other|odd|foreign|unknown)"
    r" (?:characters|letters|signs|symbols)\b|\bletters? (?:only|alone)\b|\bonly letters\b"
    r"|\ba ?(?:-|to) ?z\b|\bslugs?\b|\bunsupported\b|\balphabet\b|\bvocabulary\b"
)
#: letters that were written in another way are not lost
ESCAPED = re.compile(r"\\[uxUN][0-9a-fA-F{]|&#?\w{2,8};|[%=][0-9A-F]{2}|\bxn--")
#: of a shorter text the output may have the letters by chance
LEAST = 8


@dataclass(frozen=True)
class Echoes(Relation):
    """Plain words first: where these are not said back, nothing is said."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where plain words in the middle of a text come back, and others do not."""
        said = [one.text for one in sentences(self.fields, self.source)]
        if any(ELSE.search(one) for one in said):
            return
        for field in (one for one in self.fields if is_open_text(one)):
            text = self.usual(field)
            if not isinstance(text, str) or len(text) < LEAST or not self._has(text, text):
                continue
            if not self._comes_back(field, text, PLAIN):
                continue
            for odd in ODD:
                if [self._comes_back(field, text, odd) for _ in range(2)] == [False, False]:
                    told = f"{field.name!a} is said back without letters that are not ASCII"
                    yield self.suspicion(told)
                    return

    def _comes_back(self, field: Field, text: str, words: str) -> bool | None:
        half = len(text.split()) // 2
        sent = " ".join([*text.split()[:half], words, *text.split()[half:]])
        tried = self.made({field.name: sent}) if field.takes(sent) else None
        if tried is None or not tried.succeeded:
            return None
        shown = _shown(joined(tried.output))
        return None if ESCAPED.search(shown) else _shown(words) in shown

    def _has(self, text: str, words: str) -> bool:
        return _shown(words) in _shown(joined(self.first.output))


def _shown(text: str | None) -> str:
    """As it looks to who reads it, in capitals or not."""
    return " ".join((text or "").split()).casefold()
