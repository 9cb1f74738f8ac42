"""An input that is said to matter under some choices of another one: it does under each of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.said.aims import ends
from safepush.fuzz.promises.switches import HOW
from safepush.fuzz.relations.relation import Relation

_CLAUSES = re.compile(r"[.;:()]\s*|,? but ")
#: then a choice is told to be left alone, or is spoken of beside the others
_UNLESS = re.compile(
    r"\b(?:not?|nor|never|neither|without|none|ignor\w*|unused|except|unlike|other|instead|rather"
    r"|than|if|when|where|while|unless|always|default|as (?:in|for|with)|like|becomes?)\b|n't\b"
)
_IDLE = re.compile(r"\bunused\b|\breserved\b|\bdeprecat|\bcompatib")
_ALONE = re.compile(
    r"\b(?:only|alone|solely)\b"
    r"|\b(?:used|applies|counts|matters|taken) (?:with|for|by|in|to|under)\b"
    r"|\b(?:without|no) effect (?:in|on|with|for|under) (?:all |the )*others?\b"
)
#: choices that are words of any sentence
_COMMON = frozenset(
    {"all", "any", "auto", "automatic", "both", "default", "each", "first", "full", "given", "last"}
    | {"left", "less", "more", "none", "normal", "off", "one", "only", "other", "right", "same"}
    | {"text", "the", "value", "with", "word", "words", "yes"}
)
#: inputs that are looked into, and choices under which one is
MOST, CHOICES = 2, 3
#: other inputs, and other choices, for one that is silent; so many of them have to be taken
OTHERS, SWITCHED, FEWEST = 4, 8, 2


@dataclass(frozen=True)
class Under(Relation):
    """Two values far apart under each choice that is named; more of all where nothing changes."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """A named choice under which nothing changes, whatever else is sent."""
        for field, choice, named in islice(self._told(), MOST):
            changes = {name: self._changes(field, {choice.name: name}) for name in named}
            silent = [name for name, told in changes.items() if told is False]
            if len(named) > 1 and True not in changes.values():
                continue
            for name in silent[:1]:
                if self._is_silent(field, choice, name):
                    told = f"{field.name!a} changes nothing with {choice.name!a} {name!a}, which"
                    value = _values(field, self.usual(field))[1]
                    made = self.made({choice.name: name, field.name: value})
                    yield self.suspicion(f"{told} its description names", made)

    def _told(self) -> Iterator[tuple[Field, Field, Sequence[str]]]:
        """(input, input with choices, those of them that its description names)."""
        for field in self.fields:
            if len(_values(field, self.usual(field))) < 2 or HOW.fullmatch(field.name.lower()):
                continue
            for choice in self.fields:
                named = [] if choice is field else _named(field.description, choice)
                if named:
                    yield field, choice, named[:CHOICES]
                    break

    def _changes(self, field: Field, way: dict[str, Any], beside: Tried | None = None) -> Any:
        """Whether two values give two outputs; None if one of them is refused."""
        low, high = _values(field, self.usual(field))[:2]
        one, other = (self.known({**way, field.name: each}, beside) for each in (low, high))
        # a file that is written otherwise and shows the same is something else, too
        return bool(one.output != other.output) if one.succeeded and other.succeeded else None

    def _is_silent(self, field: Field, choice: Field, name: str) -> bool:
        """Whether more values and other inputs say the same, some of these at least."""
        made = [
            self.known({choice.name: name, field.name: value})
            for value in _values(field, self.usual(field))
        ]
        if any(one.succeeded and one.output != made[0].output for one in made):
            return False
        way = {choice.name: name}
        otherwise = (*self._ends(field, choice), *islice(self._switched(field, choice), SWITCHED))
        told = [self._changes(field, {**way, **each}) for each in otherwise]
        told += [self._changes(field, way, one) for one in self._others(field, choice)]
        return True not in told and told.count(False) >= FEWEST

    def _ends(self, *kept: Field) -> Iterator[dict[str, Any]]:
        """All other numbers at their least, and at their most."""
        others = [one for one in self.fields if one not in kept and not one.is_seed]
        limits = {one.name: ends(one) for one in others}
        for at in (0, -1):
            if made := {name: each[at] for name, each in limits.items() if len(each) > 1}:
                yield made

    def _switched(self, *kept: Field) -> Iterator[dict[str, Any]]:
        """Another choice or switch otherwise, which may well be what it takes."""
        for one in (one for one in self.fields if one not in kept):
            yield from ({one.name: value} for value in one.choices if value != self.usual(one))

    def _others(self, *kept: Field) -> Sequence[Tried]:
        """Inputs that gave something else than the usual ones, the longest and some others."""
        names = {one.name for one in kept}
        found = [
            one
            for one in self.runs.history
            if names.isdisjoint(one.probe.changed) and self.differs(one)
        ]
        found.sort(key=lambda one: -len(repr(one.probe.inputs)))
        return found[:: max(1, len(found) // OTHERS)][:OTHERS]


def _named(description: str, choice: Field) -> list[str]:
    """The choices of which a description says that it is about them; one if about it alone."""
    texts = {one.lower(): one for one in choice.choices if isinstance(one, str)}
    words = [one for one in texts if re.fullmatch(r"[a-z][\w-]{2,}", one) and one not in _COMMON]
    said, named = " ".join(description.lower().split()), set[str]()
    unclear, is_alone = set[str](), bool(_ALONE.search(said))
    if _IDLE.search(said):
        return []
    name = re.escape(choice.name.lower())
    # a condition that is that choice itself
    said = re.sub(rf"\b(?:if|when|where|while) (?:the )?`?{name}`? (?:is|=+) ", "with ", said)
    for clause in _CLAUSES.split(said):
        found = {one for one in words if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", clause)}
        (unclear if _UNLESS.search(clause) else named).update(found)
    found = named - unclear
    is_told = len(found) > 1 or (is_alone and len(found) == 1)
    return [texts[one] for one in texts if one in found] if is_told else []


def _values(field: Field, usual: Any) -> list[Any]:
    """Of a number, a switch or a choice: two far apart, then some between them."""
    if field.choices:
        return [field.choices[0], *reversed(field.choices[1:])][:4]
    if field.numbers is None or not is_number(usual):
        return []
    limits = ends(field)
    low, high = limits if len(limits) == 2 else (usual, usual * 2 + 1)
    between = round((low + high) / 2) if field.numbers.is_integer else (low + high) / 2
    return [one for one in dict.fromkeys((low, high, between, usual)) if field.takes(one)]
