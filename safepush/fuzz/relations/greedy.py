"""What is left when only the likeliest is ever taken: nothing to a seed, or to how daring it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.compare import compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import is_number, joined
from safepush.fuzz.promises.said.aims import ends
from safepush.fuzz.promises.said.sentences import Said, sentences
from safepush.fuzz.relations.relation import Relation

_TOP_K = re.compile(r"(?:\w+_)?top_?k")
_HEAT = re.compile(r"(?:\w+_)?temp(?:erature)?")
#: of those that are drawn from, and not of those that come out
_DRAWN = re.compile(r"\b(?:likel|probab|sampl|chosen|draw|candidates?\b|tokens?\b)")
#: as the end of a range it is no amount that something is told of
_RANGE = r"(?!\s*(?:to|and|-|\u2013|\.\.+|\u2026)\s*\d)"
_ALONE = r"(?<![\d.-])(?<!\bto )(?<!\band )"
_ONE = rf"(?:{_ALONE}1(?:\.0)?(?!\.?\d){_RANGE}|\b(?:with|at|of) one\b)"
_ZERO = rf"(?:{_ALONE}0(?:\.0)?(?!\.?\d){_RANGE}|\bzero\b)"
_NO_CHANCE = (
    r"(?:\bgreedy\b|\bgreedily\b|\bdeterministic(?:ally)?\b|\bargmax\b"
    r"|\bnothing (?:is )?(?:left to chance|random)\b|\b(?:without|no) (?:chance|randomness)\b"
    r"|\b(?:same|identical)\b[^.;]*\bseeds?\b"
    r"|\bseeds? (?:has no effect|makes no difference|is ignored|does(?: not|n't) matter"
    r"|is not used|is unused|no longer matters|changes nothing)\b)"
)
#: then it holds under a condition, or not at all
_UNLESS = re.compile(r"\b(?:unless|except|almost|nearly|mostly|only (?:if|when|where|with))\b")
_DENIED = re.compile(
    r"\b(?:not|never|isn't|aren't|more|less|most|nearly) (?:\w+ )?"
    r"(?:greedy|greedily|deterministic(?:ally)?|the same)\b"
)
_SEED = re.compile(r"\bseed\W{0,3}\d+", re.IGNORECASE)
#: seeds that are tried beside each other
SEEDS = (3, 4, 5)


@dataclass(frozen=True)
class Greedy(Relation):
    """Other seeds, where words tell that these are nothing; else how daring it is as well."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Outputs that differ though there is nothing to choose from."""
        seed = next((one for one in self.fields if one.is_seed), None)
        if seed is None or _shown(self.first) is None or not all(map(seed.takes, SEEDS)):
            return
        said = sentences(self.fields, self.source)
        for field in self.fields:
            value = _least(field)
            if value is None or not field.takes(value):
                continue
            if any(_tells(one, field, value) for one in said):
                yield from self._seeded(field, value, seed)
            elif (other := self._daring(field)) is not None:
                yield from self._moved(field, value, seed, other)

    def _seeded(self, field: Field, value: int, seed: Field) -> Iterator[Suspicion]:
        """Where it is told that the seed is nothing there."""
        sent: list[dict[str, Any]] = [{field.name: value, seed.name: one} for one in SEEDS]
        if self._differ(sent):
            told = f"the output is another one with another seed, though {field.name!a} is {value}"
            yield self.suspicion(told)

    def _daring(self, field: Field) -> Field | None:
        """The input that flattens what the likeliest is taken of, or leaves some of it out."""
        is_of_many = _is_top_k(field)
        top_k = field if is_of_many else next(filter(_is_top_k, self.fields), None)
        heat = next((one for one in self.fields if _HEAT.fullmatch(one.name.lower())), None)
        if top_k is None or heat is None or not _DRAWN.search(top_k.description.lower()):
            return None
        other = heat if is_of_many else top_k
        words = f"{field.description} {other.description}".lower()
        return None if len(ends(other)) < 2 or _UNLESS.search(words) else other

    def _moved(self, field: Field, value: int, seed: Field, other: Field) -> Iterator[Suspicion]:
        """A seed may have something else to choose: then what is daring makes no difference."""
        sent: dict[str, Any] = {field.name: value, seed.name: SEEDS[0]}
        low, high = ends(other)
        if self._differ([{**sent, seed.name: one} for one in SEEDS[:2]]) and self._differ(
            [{**sent, other.name: one} for one in (low, high)]
        ):
            told = f"{other.name!a} and the seed change the output, though {field.name!a} is"
            yield self.suspicion(f"{told} {value}")

    def _differ(self, sent: Sequence[Mapping[str, Any]]) -> bool:
        """Whether two come out otherwise, and each of them again as before."""
        first = self.known(sent[0])
        for other in (self.known(one) for one in sent[1:]):
            if not _is_other(first, other):
                continue
            again = [self.runs.one(one.probe) for one in (first, other)]
            pairs = zip((first, other), again, strict=True)
            return all(one.succeeded and _shown(one) == _shown(each) for each, one in pairs)
        return False


def _is_top_k(field: Field) -> bool:
    return bool(_TOP_K.fullmatch(field.name.lower()))


def _least(field: Field) -> int | None:
    """The amount at which nothing is left to choose from."""
    if field.numbers is None or field.choices:
        return None
    if _is_top_k(field):
        return 1
    return 0 if _HEAT.fullmatch(field.name.lower()) else None


def _tells(one: Said, field: Field, value: int) -> bool:
    """Whether a sentence says so of that amount."""
    if one.field != field and not one.names(field.name):
        return False
    if _UNLESS.search(one.text) or _DENIED.search(one.text):
        return False
    amount = _ONE if value else _ZERO
    either = rf"{amount}(?:[^.;]|\.\d)*{_NO_CHANCE}|{_NO_CHANCE}(?:[^.;]|\.\d)*{amount}"
    return re.search(either, one.text) is not None


def _is_other(one: Tried, other: Tried) -> bool:
    first, second = _shown(one), _shown(other)
    return first is not None and second is not None and bool(compare(first, second))


def _shown(made: Tried) -> Any:
    """A text without what it tells of the seed, or a list of numbers."""
    if not made.succeeded:
        return None
    output = made.output
    if isinstance(output, list) and output and all(map(is_number, output)):
        return output
    text = joined(output)
    return None if text is None else _SEED.sub("", text)
