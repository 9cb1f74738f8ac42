"""Inputs that say where an answer ends, what is not in it, or which part of it is wanted."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from safepush.compare import Tolerance, compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.layers import changed
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import is_number, joined, objects, texts
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.promises.said.kept import ends_at
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.runs import Runs

_STOP = re.compile(r"stop(?:_?(?:sequences?|words?|at|text|strings?|tokens?))?|end_sequence|until")
_WITHOUT = re.compile(
    r"(?:words_to_)?(?:exclude|remove|ban|block|avoid)(?:d|ed|ned)?(?:_?(?:words?|terms?|items?))?"
    r"|(?:banned|forbidden|bad|blocked|ignored?)_(?:words?|terms?)|block_?list|black_?list"
    r"|stop_?words"
)
_PAGE = re.compile(r"page(?:_(?:number|no))?")
_OFFSET = re.compile(r"offset")
_EACH = re.compile(r"(?:page_size|per_page|limit|count|max_results|items_per_page)")
_NOTHING = r"(?:(?<![\d.])0(?:\.0)?(?!\.?\d)|\bzero\b)"
_LIKELIEST = (
    r"(?:greedy|determin\w+|always|the same|argmax|(?:each|every) time|nothing (?:is )?random"
    r"|(?:the )?(?:most (?:likely|probable)|likeliest|best|highest)"
    r"|(?:left to|without|no) (?:chance|randomness))"
)
#: in one sentence, whichever comes first
_GREEDY = re.compile(
    rf"{_NOTHING}(?:[^.;]|\.\d)*\b{_LIKELIEST}\b|\b{_LIKELIEST}\b(?:[^.;]|\.\d)*{_NOTHING}"
)
_CHANCE = re.compile(r"(?:\w+_)?temp(?:erature)?|randomness|creativity|jitter|noise")
_SEED = re.compile(r"\bseed\W{0,3}\d+", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:stops?|stopping|ends?|until|cut|before)\b")
_LISTS = re.compile(r"exclud|remov|ban|block|stop|without|avoid|ignor")
_ONE_WORD = re.compile(r"\b(?:words?|lines?|signs?|characters?|letters?|tokens?)\b")
#: words of an answer that are asked for, or not, one after the other
MOST_WORDS = 2


@dataclass(frozen=True)
class Sayings:
    """Makes a few predictions of its own; `first` are the usual inputs and what they gave."""

    fields: Sequence[Field]
    first: Tried
    runs: Runs
    alike: Tolerance

    def suspicions(self) -> Iterator[Suspicion]:
        """What is not as such an input says."""
        for field in self.fields:
            name = field.name.lower()
            ends = _STOP.fullmatch(name) and _ENDS.search(field.description.lower())
            if ends and not _WITHOUT.fullmatch(name):
                yield from self._without(field, "goes on where {} says that it ends")
                yield from self._left_over(field)
                yield from self._across(field)
            if _WITHOUT.fullmatch(name):
                yield from self._without(field, "holds what {} says that it does not")
            if _CHANCE.fullmatch(name) and _GREEDY.search(field.description.lower()):
                yield from self._greedy(field)
        yield from self._pages()

    def _made(self, changes: Mapping[str, Any]) -> Tried:
        return self.runs.one(changed(self.first.probe.inputs, changes, "sayings"))

    def _without(self, field: Field, told: str) -> Iterator[Suspicion]:
        """Whether words of the usual answer are in the one that is to be without them."""
        says = any(
            _LISTS.search(name.lower()) for one in objects(self.first.output) for name in one
        )
        for word in [] if says else self._words(field):
            value = next((one for one in (word, [word]) if field.takes(one)), None)
            made = self._made({field.name: value}) if value is not None else None
            if made is not None and made.succeeded and self._is_still_there(word, made):
                yield _suspicion(f"the output {told.format(ascii(field.name))}", made)
                return

    def _left_over(self, field: Field) -> Iterator[Suspicion]:
        """Whether the first letters of a text at which the answer ends are there before that."""
        usual = joined(self.first.output) or ""
        told = f"the output ends with the first letters of {field.name!a}, before which it ends"
        for stop in _stops(self.first.output):
            if (made := self._so(field, stop, usual, _is_left_over)) is not None:
                yield _suspicion(told, made)
                return

    def _across(self, field: Field) -> Iterator[Suspicion]:
        """Whether two words are still there, of which no piece of the answer has both."""
        usual = joined(self.first.output) or ""
        both = [one for one in re.findall(r"\w{2,} \w{2,}", usual) if usual.index(one) > 0]
        both = [one for one in both if one not in self._given]
        told = f"the output goes on where {field.name!a} says that it ends"
        if _ONE_WORD.search(field.description.lower()):  # two of them are none
            return
        if any(map(ends_at, sentences([field], Source()))):  # each output is held to that
            return
        for stop in both[len(both) // 2 :][:1]:
            if (made := self._so(field, stop, usual, _goes_on)) is not None:
                yield _suspicion(told, made)

    def _so(
        self, field: Field, stop: str, usual: str, is_so: Callable[[str, str, str | None], bool]
    ) -> Tried | None:
        """What an end gives, where it is so twice."""
        value = next((one for one in (stop, [stop]) if field.takes(one)), None)
        made = self._made({field.name: value}) if value is not None else None
        if made is None or not is_so(usual, stop, joined(made.output)):
            return None
        return made if is_so(usual, stop, joined(self.runs.one(made.probe).output)) else None

    @property
    def _given(self) -> str:
        """What was sent, which may come back as a whole."""
        given = " ".join(text for _, text in texts(dict(self.first.probe.inputs)))
        return given + " ".join(str(one.default) for one in self.fields)

    def _is_still_there(self, word: str, made: Tried) -> bool:
        """Whether it was not only said that it is left out: then it is there once more."""
        usual, now = (_words(one.output).count(word) for one in (self.first, made))
        return 0 < now <= usual

    def _words(self, field: Field) -> list[str]:
        """Words from the middle and the end of the usual answer."""
        found = [one for one in _words(self.first.output) if len(one) > 2 and one.isalpha()]
        if _STOP.fullmatch(field.name.lower()):
            found = [one for one in found if one not in self._given]
        unlike = list(dict.fromkeys(found))
        return list(dict.fromkeys((unlike[len(unlike) // 2], unlike[-1]))) if unlike else []

    def _greedy(self, field: Field) -> Iterator[Suspicion]:
        """Whether the seed changes anything where a description says that nothing is left to it."""
        seed = next((one for one in self.fields if one.is_seed), None)
        if seed is None or not field.takes(0):
            return
        made = [self._made({field.name: 0, seed.name: at}) for at in (3, 4, 5)]
        if all(one.succeeded for one in made) and any(
            compare(_unseeded(made[0].output), _unseeded(one.output), self.alike)
            for one in made[1:]
        ):
            told = f"the output is another one with another seed, though {field.name!a} is 0"
            yield _suspicion(told, made[-1])

    def _pages(self) -> Iterator[Suspicion]:
        """Whether two parts of a list, one after the other, are what they are together."""
        each = next((one for one in self.fields if _EACH.fullmatch(one.name.lower())), None)
        for field in self.fields if each is not None else ():
            is_page = bool(_PAGE.fullmatch(field.name.lower()))
            if each is None or not (is_page or _OFFSET.fullmatch(field.name.lower())):
                continue
            begin = field.default if field.default in (0, 1) else 1 if is_page else 0
            places = ((begin, 2), (begin + 1 if is_page else begin + 2, 2), (begin, 4))
            made = [self._made({field.name: at, each.name: size}) for at, size in places]
            parts = [each.output if each.succeeded else None for each in made]
            lists = [part for part in parts if isinstance(part, list)]
            fits = len(lists) == 3 and len(lists[2]) == 4
            # numbers may be moved by an offset, which is no place then
            if fits and not all(map(is_number, lists[2])) and lists[0] + lists[1] != lists[2]:
                told = f"parts by {field.name!a}, one after the other, are not the whole"
                yield _suspicion(told, made[1])


def _unseeded(output: Any) -> Any:
    """An output without the seed, where it tells that."""
    if isinstance(output, Mapping):
        return {key: _unseeded(one) for key, one in output.items() if "seed" not in key.lower()}
    if isinstance(output, list):
        return [*map(_unseeded, output)]
    return _SEED.sub("", output) if isinstance(output, str) else output


def _stops(output: Any) -> list[str]:
    """What is in the usual answer: across its pieces first, then words, and two letters."""
    text = joined(output) or ""
    parts = output if isinstance(output, list) else []
    seams = [f"{one[-2:]}{other[:2]}" for one, other in pairwise(parts)] if text else []
    words = [one for one in re.findall(r"\w{4,}", text) if text.index(one) > 0]
    found = [one for one in seams if len(one) > 2 and one.strip() == one and text.index(one) > 0]
    middle = len(text) // 2
    two = text[middle : middle + 2].strip()
    made = [*found[len(found) // 2 :][:2], *words[len(words) // 2 :][:2], *words[-1:], two]
    return [one for one in dict.fromkeys(made) if len(one) > 1 and text.find(one) > 0]


def _is_left_over(usual: str, stop: str, made: str | None) -> bool:
    """Whether an answer has some of the first letters of what it ends before, and not all."""
    before = usual[: usual.index(stop)]
    return made is not None and made in [before + stop[:at] for at in range(1, len(stop))]


def _goes_on(usual: str, stop: str, made: str | None) -> bool:
    """Whether an answer of which nothing but that is other still has it, after its beginning."""
    return made == usual and stop in made


def _words(output: Any) -> list[str]:
    whole = joined(output) if not isinstance(output, list) else None
    pieces = [whole] if whole is not None else [one for _, one in texts(output)]
    return [word for piece in pieces for word in re.findall(r"\w+", piece)]


def _suspicion(told: str, tried: Tried) -> Suspicion:
    tried = replace(tried, probe=replace(tried.probe, layer="sayings"))
    return Suspicion(rule=RULE, cause=told, detail=told, tried=tried, is_proven=True)
