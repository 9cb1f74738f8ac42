"""Words that count as a whole alone: a longer word that one of them begins or ends is another."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from safepush.compare import compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.said.sentences import Said, sentences
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.secrecy import is_open_text

_TOLD = re.compile(
    r"\b(?:whole|entire|complete|full|standalone) words?\b|\bwords? of (?:its|their) own\b"
    r"|\bnot (?:in|inside|within|as) (?:an? |the )?(?:parts?|middle) of"
    r" (?:an?|others?|longer|another)\b"
)
_WORD = re.compile(r"[A-Za-z]{3,}")
#: no word begins or ends with these, nor with a part of them
MORE = "qzx"
#: words that are looked into
WORDS = 2


@dataclass(frozen=True)
class WholeWords(Relation):
    """A word no list has first: where that is not left alone, nothing is said of longer ones."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where a longer word is treated as a listed one, though whole words are spoken of."""
        told = [one for one in sentences(self.fields, self.source) if _TOLD.search(one.text)]
        for listing, field, word in self._words() if told else ():
            side = self._open_side(field, word, _switched(told))
            if side is not None:
                yield self.suspicion(
                    f"a word of {listing.name!a} counts in {field.name!a} though more letters stand"
                    f" {side} it"
                )
                return

    def _words(self) -> Iterator[tuple[Field, Field, str]]:
        """(input that lists it, input that has it, word)."""
        found: list[tuple[Field, Field, str]] = []
        texts = [one for one in self.fields if is_open_text(one)]
        for listing in self.fields:
            named = self.usual(listing)
            listed = json.dumps(named, ensure_ascii=False) if named else ""
            for field in texts:
                text = self.usual(field)
                if field is listing or not isinstance(text, str) or len(text) <= len(str(named)):
                    continue
                for word in dict.fromkeys(_WORD.findall(listed)):
                    if re.search(rf"\b{word}\b", text):
                        found.append((listing, field, word))
        yield from found[:WORDS]

    def _open_side(self, field: Field, word: str, switched: Mapping[str, Any]) -> str | None:
        usual = self._shown(field, word, word, switched)
        # what is sorted comes out in the same order
        longer = {
            "behind": (word + MORE, word[:2] + "v" * (len(word) - 2) + MORE),
            "before": (MORE + word, MORE + "v" * len(word)),
        }
        for side, (known, other) in longer.items():
            apart = self._shown(field, word, other, switched)
            if usual is None or apart is None or not compare(apart, usual):
                return None
            made = (self._shown(field, word, known, switched) for _ in range(2))
            if all(one is not None and compare(apart, one) for one in made):
                return side
        return None

    def _shown(self, field: Field, word: str, new: str, switched: Mapping[str, Any]) -> Any:
        """What comes of the text with another word there, with one mark for that; None if not."""
        sent = re.sub(rf"\b{word}\b", new, str(self.usual(field)))
        tried = self.made({**switched, field.name: sent}) if field.takes(sent) else None
        return None if tried is None or not tried.succeeded else _marked(tried.output, new)


def _switched(told: list[Said]) -> dict[str, Any]:
    """The switches that ask for it."""
    fields = [one.field for one in told if one.field is not None]
    return {one.name: True for one in fields if True in one.choices or one.default is False}


def _marked(output: Any, word: str) -> Any:
    if isinstance(output, str):
        return re.sub(re.escape(word), "<>", output, flags=re.IGNORECASE)
    if isinstance(output, list):
        return [_marked(one, word) for one in output]
    if isinstance(output, dict):
        return {_marked(key, word): _marked(value, word) for key, value in output.items()}
    return output
