"""What is put before or after a text: all else of the answer stays as it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.parts import joined
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.secrecy import is_open_text

#: of one length; small letters, UTF-8 and UTF-16 of the others are longer than they look
PLAIN, ODD = "so so, ", ("\u0130\u0130 \u0130\u0130, ", "\U0001f642\U0001f642 \u00e9\u00e9, ")
#: a word that no text has, and what may end a text: many look for a blank behind a full stop
WORD, ENDS = "Zuvela", (".", "\n")
_SIGNS = " \t\r\n.!?"


@dataclass(frozen=True)
class Around(Relation):
    """Plain words first: what these change says nothing."""

    def suspicions(self) -> Iterator[Suspicion]:
        """What plain words before a text do not change, and others do; and a lost end."""
        for field in (one for one in self.fields if is_open_text(one)):
            text = self.usual(field)
            usual = joined(self.first.output)
            words = text.lower().split() if isinstance(text, str) else []
            # what is made of other words says nothing of these
            if usual and words and words[0] in usual.lower() and words[-1] in usual.lower():
                yield from self._before(field, str(text), usual)
                yield from self._after(field, str(text), usual)

    def _before(self, field: Field, text: str, usual: str) -> Iterator[Suspicion]:
        if self._made(field, f"{PLAIN}{text}") != f"{PLAIN}{usual}":
            return
        for odd in ODD:
            if self._is_twice(field, f"{odd}{text}", lambda made: not made.endswith(usual)):
                told = f"letters of other lengths before {field.name!a} change what comes after"
                yield self.suspicion(told)
                return

    def _after(self, field: Field, text: str, usual: str) -> Iterator[Suspicion]:
        told, word = usual.lower().split(), WORD.lower()

        def is_lost(made: str) -> bool:
            """Whether the word alone is: of some words that are chosen, others may be."""
            return word not in made.lower() and all(one in made.lower() for one in told)

        for end in ENDS:
            begun = f"{text.rstrip(_SIGNS)}. {WORD}" if end == "." else f"{text}{end}{WORD}"
            whole = (self._made(field, f"{begun}{end}") or "").lower()
            if word not in whole or not all(one in whole for one in told):
                continue
            if self._is_twice(field, begun, is_lost):
                named = "a line break" if end == "\n" else "a full stop"
                yield self.suspicion(f"what {field.name!a} ends with is lost without {named}")
                return

    def _is_twice(self, field: Field, text: str, is_so: Callable[[str], bool]) -> bool:
        """Whether something is so of what comes of a text, and once more."""
        tries = (self._made(field, text) for _ in range(2))
        return all(made is not None and is_so(made) for made in tries)

    def _made(self, field: Field, text: str) -> str | None:
        if not field.takes(text):
            return None
        tried = self.made({field.name: text})
        return (joined(tried.output) or "") if tried.succeeded else None
