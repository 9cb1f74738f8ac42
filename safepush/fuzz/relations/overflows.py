"""Whole numbers that grow with an input: at its most they have not gone round."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safepush.compat.shapes import number
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Suspicion, Tried
from safepush.fuzz.promises.parts import members
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.relations.relation import Relation

Place = tuple[str | int, ...]
#: as many bits as a number is kept in
WIDTHS = (16, 32, 64)
#: what is meant to go round
_ROUND = re.compile(
    r"\bmod(?:ulo|ulus)?\b|\bwraps?\b|\bwrapp|\boverflow|\bhash|\bcheck ?sum|\bcrc\b|\bbuckets?\b"
    r"|\bremainders?\b|\bcycl|\bcircular|\brings?\b|\bbits?\b|\brandom|\bregisters?\b"
    r"|\bunsigned\b|\bport\b|\baddress|\bcode ?points?\b|\bdigest\b"
)
#: as `ast` writes it
_MASK = re.compile(
    r"65535|65536|429496729[56]|1844674407370955161[56]"
    r"|\(?(?:2 \*\* |1 << )(?:16|32|64)\)?(?: - 1)?"
)
#: inputs that are looked into, numbers of an output, and seconds that leave time for more
MOST, MOST_NUMBERS, SHORT_S = 4, 2000, 1.0


@dataclass(frozen=True)
class Overflows(Relation):
    """Amounts beside each other that lie on a line, and the most there may be."""

    source: Source

    def suspicions(self) -> Iterator[Suspicion]:
        """Where the most misses the line by a whole number of rounds, and so does one less."""
        if not _numbers(self.first.output) or self._is_round():
            return
        lines = []
        for field in [one for one in self.fields if _ends(one) is not None][:MOST]:
            line = self._line(field, {})
            if line is not None:
                lines.append(line)
        for line in lines:
            if (found := self._gone_round(line)) is not None:
                yield found
                return
        yield from self._together(lines) if len(lines) > 1 else ()

    def _together(self, lines: Sequence["_Line"]) -> Iterator[Suspicion]:
        """One after the other with all others at their most."""
        alone = [self.known({one.field.name: one.most}) for one in lines]
        if any(not one.succeeded or one.seconds > SHORT_S for one in alone):
            return
        for one in lines:
            others = {each.field.name: each.most for each in lines if each is not one}
            line = self._line(one.field, others)
            found = self._gone_round(line) if line is not None else None
            if found is not None:
                yield found
                return

    def _is_round(self) -> bool:
        """Whether anything is said or written that goes round on purpose."""
        names = [one.name for one in self.fields if not one.is_seed]
        names += [name for name, _ in members(self.first.output)]
        said = sentences([one for one in self.fields if not one.is_seed], self.source)
        told = [*(one.lower().replace("_", " ") for one in names), *(one.text for one in said)]
        return any(map(_ROUND.search, told)) or _has_mask(self.source)

    def _line(self, field: Field, others: Mapping[str, Any]) -> "_Line | None":
        """The numbers of an output that are others with one more than usual."""
        least, most = _ends(field) or (0, 0)
        usual = self.usual(field)
        begin = usual if type(usual) is int and least <= usual < most - 2 else least
        if begin + 4 > most:
            return None
        made = [self.known({**others, field.name: value}) for value in (begin, begin + 1)]
        if not all(one.succeeded for one in made):
            return None
        heights, next_to = (_numbers(one.output) for one in made)
        slopes = {place: next_to.get(place, height) - height for place, height in heights.items()}
        grows = {place: slope for place, slope in slopes.items() if slope}
        return _Line(field, others, begin, most, grows, heights) if grows else None

    def _gone_round(self, line: "_Line") -> Suspicion | None:
        most = self._at(line, line.most)
        places = [place for place in line.slopes if line.bits(place, line.most, most) is not None]
        third = self._at(line, line.begin + 2) if places else most
        places = [place for place in places if line.holds(place, line.begin + 2, third)]
        if not places:
            return None
        again, less = self.runs.one(most.probe), self._at(line, line.most - 1)
        made = ((line.most, most), (line.most, again), (line.most - 1, less))
        for place in places:
            bits = {line.bits(place, value, one) for value, one in made}
            if len(bits) == 1:
                beside = " beside the most of others" if line.others else ""
                told = f"a number that grows with {line.field.name!a} goes round at its most"
                return self.suspicion(f"{told}{beside}, as if kept in {bits.pop()} bits", again)
        return None

    def _at(self, line: "_Line", value: int) -> Tried:
        return self.known({**line.others, line.field.name: value})


@dataclass(frozen=True)
class _Line:
    """How numbers of an output grow with one input, from some amount on."""

    field: Field
    others: Mapping[str, Any]
    begin: int
    most: int
    slopes: Mapping[Place, int]
    heights: Mapping[Place, int]

    def bits(self, place: Place, value: int, made: Tried) -> int | None:
        """How many bits a number was kept in that has gone round; None where it has not."""
        found = _numbers(made.output).get(place) if made.succeeded else None
        due = self._due(place, value)
        if found is None or found == due:
            return None
        fits = (bits for bits in WIDTHS if _has_lost(due, found, bits))
        # a limit that is kept to stays where it is, with one less as well
        return next((bits for bits in fits if self.slopes[place] % 2**bits), None)

    def holds(self, place: Place, value: int, made: Tried) -> bool:
        """Whether a number is where the line has it."""
        return _numbers(made.output).get(place) == self._due(place, value)

    def _due(self, place: Place, value: int) -> int:
        return self.heights[place] + self.slopes[place] * (value - self.begin)


def _has_lost(due: int, found: int, bits: int) -> bool:
    """Whether one is what is left of the other in so many bits, with a sign or without."""
    ranges = (range(-(2 ** (bits - 1)), 2 ** (bits - 1)), range(2**bits))
    is_left = any(found in one and due not in one for one in ranges)
    return is_left and (due - found) % 2**bits == 0


def _ends(field: Field) -> tuple[int, int] | None:
    """The least and the most of a whole number."""
    told = field.numbers
    if told is None or not told.is_integer or field.choices or field.is_seed:
        return None
    if told.low is None or told.high is None or told.low.open or told.high.open:
        return None
    return int(number(told.low.value)), int(number(told.high.value))


def _numbers(output: Any, place: Place = ()) -> dict[Place, int]:
    """The whole numbers of an output, by where they are."""
    if type(output) is int:
        return {place: output}
    items: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(output, Mapping):
        items = iter(output.items())
    elif isinstance(output, list):
        items = iter(enumerate(output[:MOST_NUMBERS]))
    return {at: one for name, each in items for at, one in _numbers(each, (*place, name)).items()}


def _has_mask(source: Source) -> bool:
    """Whether the code takes the remainder, or some of the bits, of a number itself."""
    nodes = [node for tree in source.trees for node in ast.walk(tree)]
    masks = {name for node in nodes for name in _named_masks(node)}
    taken = [one for node in nodes for one in _taken_by(node)]
    return any(_MASK.fullmatch(one) or one.rpartition(".")[2] in masks for one in taken)


def _named_masks(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if _MASK.fullmatch(ast.unparse(node.value)):
            yield from (ast.unparse(one).rpartition(".")[2] for one in targets)


def _taken_by(node: ast.AST) -> Iterator[str]:
    """What stands beside `%` or `&`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.BitAnd):
        yield from (ast.unparse(node.left), ast.unparse(node.right))
    elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Mod | ast.BitAnd):
        yield ast.unparse(node.value)
