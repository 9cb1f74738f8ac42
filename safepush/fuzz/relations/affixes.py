"""What is taken off the ends of a text: all of it, and no letters of what stands beside it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion
from safepush.fuzz.promises.parts import texts
from safepush.fuzz.relations.relation import Relation
from safepush.fuzz.secrecy import is_open_text

_STRIPS = frozenset({"strip", "lstrip", "rstrip"})
#: a word that shares no letter with what is taken off is made of these
_OTHERS = "zuvkqoxywjmbdaei"
#: a text that is kept is no shorter, and what is taken off no longer
LEAST, MOST = 4, 40
#: places in a text that are looked into
PLACES = 2


@dataclass(frozen=True)
class Place:
    """Where in a text something is kept, and what is taken off beside it, on one line."""

    at: int
    taken: str
    is_before: bool


@dataclass(frozen=True)
class Affixes(Relation):
    """Other letters first: where these are lost too, nothing is said."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where the code strips letters, and a word of these is lost beside what is taken off."""
        found = _stripped(self.source)
        if found is None:
            return
        for field in self.fields:
            told = self._text(field)
            for text, place in _places(told, self.first.output, found) if told else ():
                if self._loses(field, text, place):
                    side = "behind" if place.is_before else "before"
                    yield self.suspicion(
                        f"letters of {field.name!a} are lost {side} what is taken off, if in that"
                    )
                    return

    def _text(self, field: Field) -> str | None:
        """What is sent as a rule, or the first of it."""
        told = self.usual(field)
        item = field.item
        is_text = is_open_text(field) or (item is not None and item.is_free_text)
        value = told[0] if isinstance(told, list) and told else told
        return value if is_text and isinstance(value, str) and value.strip() else None

    def _loses(self, field: Field, text: str, place: Place) -> bool:
        letters = [*dict.fromkeys(one for one in place.taken.lower() if one.isalnum())]
        other = "".join(one for one in _OTHERS if one not in letters)[:4]
        # what is taken off first stands next to it
        same = "".join(letters[::-1] if place.is_before else letters)
        if not letters or len(other) < 4:
            return False
        kept = text[place.at : place.at + LEAST] if place.is_before else ""
        begun = "" if place.is_before else text[max(0, place.at - LEAST) : place.at]
        if not self._has(field, text, place, other, f"{begun}{other}{kept}"):
            return False
        whole = f"{begun}{same}{kept}"
        return all(self._has(field, text, place, same, whole) is False for _ in range(2))

    def _has(self, field: Field, text: str, place: Place, word: str, whole: str) -> bool | None:
        sent: Any = f"{text[: place.at]}{word}{text[place.at :]}"
        told = self.usual(field)
        if isinstance(told, list):
            sent = [sent, *told[1:]]
        tried = self.made({field.name: sent}) if field.takes(sent) else None
        if tried is None or not tried.succeeded:
            return None
        shown = " ".join(one for _, one in texts(tried.output)).casefold()
        return whole.casefold() in shown


def _stripped(source: Source) -> list[str] | None:
    """Letters that the code strips, as far as it says them; None where it does not."""
    found: list[str] = []
    is_so = False
    for node in (node for tree in source.trees for node in ast.walk(tree)):
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if not (named and isinstance(node, ast.Call) and node.args):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in _STRIPS:
            told = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
            is_said = isinstance(node.args[0], ast.Constant)
            letters = [one for one in told if isinstance(one, str) and _letters(one) > 1]
            is_so = is_so or not is_said or bool(letters)
            found += letters
    return found if is_so else None


def _letters(text: str) -> int:
    return sum(one.isalnum() for one in text)


def _places(text: str, output: Any, told: list[str]) -> Iterator[tuple[str, Place]]:
    """Places beside what is kept of a text; with what the code says put beside it, if need be."""
    kept = [one for _, one in texts(output) if len(one) >= LEAST and one in text and one != text]
    made: list[tuple[str, Place]] = []
    for one in dict.fromkeys(kept):
        at = text.index(one)
        before = text[:at].rpartition("\n")[2]
        after = text[at + len(one) :].partition("\n")[0]
        ends = [Place(at, before, is_before=True), Place(at + len(one), after, is_before=False)]
        made += [(text, each) for each in ends if each.taken.strip() and len(each.taken) <= MOST]
    yield from made[:PLACES]
    for one in told[:PLACES]:
        yield f"{one}{text}", Place(len(one), one, is_before=True)
        yield f"{text}{one}", Place(len(text), one, is_before=False)
