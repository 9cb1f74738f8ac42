"""Regular expressions of a model's code that take very long where they do not fit, and such texts.

An expression is read into what may follow what. Of a text that is one piece over and over, the ways
through it are counted: each of them is gone before anybody knows that none fits.
"""

import ast
import re
from base64 import b64encode
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import islice, product
from math import log2
from typing import Any

from safepush.fuzz.code.source import Source, constants_of, value_of
from safepush.fuzz.fields import Field
from safepush.fuzz.sent import file_of

_parser, _compiler = import_module("re._parser"), import_module("re._compiler")
_MODULES = frozenset({"re", "regex"})
_SEARCHES = frozenset({"search", "sub", "subn", "split", "findall", "finditer"})
_METHODS = _SEARCHES | {"match", "fullmatch", "compile"}
#: signs that stand for all of their kind, the likeliest to be taken as they are first
SIGNS = "aA0b.,-_:;/+*=@#%&'\"()[]{}<>|\\^~$!?`\u00e9\u4e2dzZ19 \t\n"
#: what no expression is likely to take after that; the last ones where all of these are taken
ENDS = ("!", "#", "<", "~", "\x01", "a!", " !", "  !", "\n!", "a", "0", "")
#: more often than that is as often as anybody likes
FEW = 8
#: places of an expression, steps between them, and pieces that are tried with it
MOST_PLACES, MOST_STEPS, MOST_PIECES = 300, 4_000, 160
#: so many ways take longer than anybody waits, and so many for certain
SLOW, ENDLESS = 1e10, 1e13
#: times that a piece is counted; what grows like a power is reckoned from there
COUNTED = 64
#: signs of a text that is sent
LONGEST = 5_000
_FILE = "data:text/"
MOST_PROBES, MOST_TEXTS, MOST_EXPRESSIONS = 4, 2, 40


@dataclass(frozen=True)
class Expression:
    """One of them as it stands in the code: whether it is to fit all of a text, or any part."""

    pattern: str
    flags: int = 0
    whole: bool = False
    searched: bool = False


@dataclass(frozen=True)
class Attack:
    """A text that takes long: a beginning, a piece over and over, an end that does not fit.

    `ways` are those there are in all, after each time that the piece comes.
    """

    begin: str
    piece: str
    end: str
    ways: Sequence[int]
    searched: bool

    def text(self, most: int | None = None) -> str | None:
        """One that takes so long that it is told; None where there is no room for it."""
        room = min(LONGEST, LONGEST if most is None else most) - len(self.begin + self.end)
        times = room // len(self.piece)
        enough = next((at for at, one in enumerate(self.ways, 1) if one >= ENDLESS), times)
        times = min(times, enough)
        if times < 1 or self._all(times) < SLOW:
            return None
        return self.begin + self.piece * times + self.end

    def _all(self, times: int) -> float:
        if times <= len(self.ways):
            return float(self.ways[times - 1])
        most, half = self.ways[-1], self.ways[len(self.ways) // 2 - 1]
        ways = most * (times / len(self.ways)) ** round(log2(most / half))
        # it is begun anew at each sign
        return ways * times / 2 if self.searched else ways


def ideas(
    fields: Sequence[Field], base: Mapping[str, Any], source: Source
) -> Iterator[Mapping[str, Any]]:
    """The text by itself for each expression, then on a line of its own after the usual one."""
    yield from islice(_ideas(fields, base, source), MOST_PROBES)


def _ideas(
    fields: Sequence[Field], base: Mapping[str, Any], source: Source
) -> Iterator[Mapping[str, Any]]:
    told = {one.name: base.get(one.name, one.default) for one in fields}
    texts = [one for one in fields if _free(one) or _written(told[one.name]) is not None]
    found = list(attacks(source)) if texts else []
    for below, attack, one in product((False, True), found, texts[:MOST_TEXTS]):
        usual = told[one.name]
        first = usual[0] if isinstance(usual, list) and usual else _written(usual) or usual
        begin = f"{first}\n" if below and isinstance(first, str) else ""
        room = _longest(one)
        text = attack.text(None if room is None else room - len(begin))
        if text is not None and (begin or not below):
            yield {one.name: _sent(usual, begin + text, is_list=one.lists is not None)}


def _written(usual: Any) -> str | None:
    """What a text file holds."""
    file = file_of(usual) if isinstance(usual, str) and usual.startswith(_FILE) else None
    return None if file is None else file.content.decode("utf-8", "replace")


def _sent(usual: Any, text: str, *, is_list: bool) -> Any:
    """A text as it is sent there."""
    if _written(usual) is not None:
        return f"{usual.partition(',')[0]},{b64encode(text.encode()).decode()}"
    return [text] if is_list else text


def _free(one: Field) -> Field | None:
    """The text that people write there, by itself or in a list."""
    return next((each for each in (one, one.item) if each is not None and each.is_free_text), None)


def _longest(one: Field) -> int | None:
    free = _free(one)
    return None if free is None or free.texts is None else free.texts.longest


def attacks(source: Source) -> Iterator[Attack]:
    """One for each expression that can be made to take very long."""
    for one in islice(dict.fromkeys(_expressions(source)), MOST_EXPRESSIONS):
        found = attack(one)
        if found is not None:
            yield found


# What the code has


def _expressions(source: Source) -> Iterator[Expression]:
    """Those that are given to a function of `re`; all that may be, where it is told by no name."""
    calls = [
        node
        for tree in source.trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    used = {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)}
    constants = dict(constants_of(source))
    is_open = False
    for node in calls:
        name = _function(node)
        if name is None or not node.args:
            continue
        ways = used if name == "compile" else {name}
        try:
            value = value_of(node.args[0], constants)
        except ValueError:
            is_open = True
            continue
        yield from _made(value, _flags(node), ways)
    for value in _literals(source) if is_open else ():
        yield from _made(value, 0, used)


def _function(node: ast.Call) -> str | None:
    called = node.func
    is_one = (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id in _MODULES
        and called.attr in _METHODS
    )
    return called.attr if is_one and isinstance(called, ast.Attribute) else None


def _made(value: Any, flags: int, ways: set[str]) -> Iterator[Expression]:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if isinstance(text, str):
        if "fullmatch" in ways:
            yield Expression(text, flags, whole=True)
        if ways & (_METHODS - {"fullmatch", "compile"}):
            yield Expression(text, flags, searched=bool(ways & _SEARCHES))


def _flags(node: ast.Call) -> int:
    """The flags that are named anywhere in the call."""
    named = (one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute))
    found = (getattr(re, name) for name in named if name.isupper() and hasattr(re, name))
    return sum({int(one) for one in found if isinstance(one, re.RegexFlag)})


def _literals(source: Source) -> Iterator[str | bytes]:
    for node in (node for tree in source.trees for node in ast.walk(tree)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            if len(text) <= LONGEST and re.search(r"[+*}]", text) and re.search(r"[\\\[(.]", text):
                yield node.value


# What an expression may take


@dataclass
class _Part:
    """Places where a part begins and ends, and whether it may be nothing."""

    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    empty: bool = True


class _TooLarge(Exception):
    pass


class Automaton:
    """What may follow what: `follow` counts the ways from each place to each other one.

    Place 0 is before all; `takes` are the signs of each place.
    """

    def __init__(self, expression: Expression) -> None:
        self._parsed = _parser.parse(expression.pattern, expression.flags)
        self._known: dict[str, frozenset[str]] = {}
        self._signs = "".join(dict.fromkeys(SIGNS + expression.pattern))
        self._steps = 0
        self.takes: list[frozenset[str]] = [frozenset()]
        self.follow: list[Counter[int]] = [Counter()]
        whole = self._sequence(self._parsed)
        self._join([0], whole.first)

    def _join(self, before: Sequence[int], after: Sequence[int]) -> None:
        self._steps += len(before) * len(after)
        if self._steps > MOST_STEPS:
            raise _TooLarge
        for one in before:
            self.follow[one].update(after)

    def _sequence(self, items: Any) -> _Part:
        made = _Part()
        for one in items:
            made = self._after(made, self._item(*one))
        return made

    def _after(self, one: _Part, other: _Part) -> _Part:
        self._join(one.last, other.first)
        return _Part(
            first=one.first + (other.first if one.empty else []),
            last=other.last + (one.last if other.empty else []),
            empty=one.empty and other.empty,
        )

    def _item(self, kind: Any, told: Any) -> _Part:
        name = str(kind)
        if name in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
            return self._sign((kind, told))
        if name.endswith("_REPEAT"):
            return self._repeat(*told)
        if name == "SUBPATTERN":
            return self._sequence(told[-1])
        if name == "ATOMIC_GROUP":
            return self._sequence(told)
        if name == "BRANCH":
            return self._either(told[1])
        if name == "GROUPREF_EXISTS":
            return self._either([one for one in told[1:] if one is not None])
        return _Part()  # what only looks, or repeats what was there

    def _either(self, branches: Sequence[Any]) -> _Part:
        made = [self._sequence(one) for one in branches]
        return _Part(
            first=[one for each in made for one in each.first],
            last=[one for each in made for one in each.last],
            empty=any(each.empty for each in made),
        )

    def _repeat(self, least: int, most: int, body: Any) -> _Part:
        copies = [self._sequence(body)]
        endless = most > FEW
        for _ in range(1, max(1, min(least, FEW) if endless else most)):
            copies.append(self._sequence(body))
            self._join(copies[-2].last, copies[-1].first)
        if endless:
            self._join(copies[-1].last, copies[-1].first)
        ends = copies[max(0, min(least, len(copies)) - 1) :]
        return _Part(
            first=copies[0].first,
            last=[one for each in ends for one in each.last],
            empty=least == 0 or copies[0].empty,
        )

    def _sign(self, item: Any) -> _Part:
        if len(self.takes) > MOST_PLACES:
            raise _TooLarge
        key = str(item)
        if key not in self._known:
            one = _compiler.compile(_parser.SubPattern(self._parsed.state, [item]))
            self._known[key] = frozenset(each for each in self._signs if one.fullmatch(each))
        self.takes.append(self._known[key])
        self.follow.append(Counter())
        return _Part([len(self.takes) - 1], [len(self.takes) - 1], empty=False)

    # Ways

    def pieces(self) -> list[str]:
        """One sign for all that are taken in the same places, then two of them."""
        unlike: dict[frozenset[int], str] = {}
        for sign in self._signs:
            places = frozenset(at for at, taken in enumerate(self.takes) if sign in taken)
            if places:
                unlike.setdefault(places, sign)
        signs = list(unlike.values())
        return [*signs, *("".join(two) for two in product(signs, signs) if two[0] != two[1])]

    def ways(self, piece: str, places: Sequence[int]) -> list[int]:
        """How many there are from these places, all in all, after each piece; until too many."""
        counts, total = Counter(places), 0
        found: list[int] = []
        for _ in range(COUNTED):
            for sign in piece:
                counts = self._step(counts, sign)
                total += sum(counts.values())
            if not counts or (found and total == found[-1]):
                return []
            found.append(total)
            if total >= ENDLESS:
                break
        return found

    def _step(self, counts: Counter[int], sign: str) -> Counter[int]:
        after: Counter[int] = Counter()
        for place, count in counts.items():
            for other, ways in self.follow[place].items():
                if sign in self.takes[other]:
                    after[other] += count * ways
        return after

    def begins(self) -> dict[int, str]:
        """The shortest text that leads to each place."""
        found, left = {0: ""}, deque([0])
        while left:
            place = left.popleft()
            for other in self.follow[place]:
                sign = next((one for one in self._signs if one in self.takes[other]), None)
                if sign is not None and other not in found:
                    found[other] = found[place] + sign
                    left.append(other)
        return found


def attack(one: Expression) -> Attack | None:
    """The text that it takes longest for, if that is long."""
    try:
        compiled = re.compile(one.pattern, one.flags)
        automaton = Automaton(one)
    except (re.error, ValueError, OverflowError, RecursionError, _TooLarge):
        return None
    begins = automaton.begins()
    for piece in automaton.pieces()[:MOST_PIECES]:
        if not _is_slow(automaton.ways(piece, [*begins]), piece, one):
            continue
        for place, begin in begins.items():
            ways = automaton.ways(piece, [place])
            end = _end(compiled, begin + piece * 3, one)
            if _is_slow(ways, piece, one) and end is not None:
                return Attack(begin, piece, end, ways, one.searched)
    return None


def _is_slow(ways: Sequence[int], piece: str, one: Expression) -> bool:
    return bool(ways) and Attack("", piece, "", ways, one.searched).text() is not None


def _end(compiled: re.Pattern[str], text: str, one: Expression) -> str | None:
    """One with which a text does not fit."""
    fits = compiled.fullmatch if one.whole else compiled.match
    return next((end for end in ENDS if fits(text + end) is None), None)
