"""Values of inputs that take a model's code down each of its branches, as far as they show."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Scope, Source, scopes

#: more than these are not put together for one branch
MAX_WAYS = 4
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE,
}  # fmt: skip
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """Something of so many characters, words or items."""

    count: int


@dataclass(frozen=True)
class Holding:
    """A text that holds another; at its start or its end where that is asked for."""

    text: str
    place: str = "in"


@dataclass(frozen=True)
class Truth:
    """Anything that Python takes for true, or for false."""

    value: bool


@dataclass(frozen=True)
class Other:
    """Anything but this."""

    value: Any


@dataclass(frozen=True)
class SameAs:
    """What another input is, or that and so much more."""

    name: str
    more: float = 0


#: what the inputs should be, by name: a value or a wish
Wishes = Mapping[str, Any]


def branches(source: Source, inputs: Iterable[str]) -> list[Wishes]:
    """What leads into each branch of the functions that have to do with the inputs."""
    found = [
        one
        for scope in scopes(source, inputs)
        for one in [*_deep_first(_Walker(scope).block(scope.node.body, [{}])), *_mentioned(scope)]
    ]
    unique = {repr(sorted(one.items(), key=lambda pair: pair[0])): one for one in found if one}
    return list(unique.values())


def _deep_first(found: Iterable[Wishes]) -> list[Wishes]:
    """Branches that need several inputs at once first: nothing else gets there."""
    return sorted(found, key=lambda one: -len(one))


class _Walker:
    """Goes down the statements of one function with the ways that lead there."""

    def __init__(self, scope: Scope) -> None:
        self._solver = Solver(scope)

    def block(self, body: Sequence[ast.stmt], ways: list[Wishes]) -> Iterator[Wishes]:
        for statement in body:
            for test in _tests(statement):
                yield from self._both(test, ways)
            match statement:
                case ast.If() | ast.While():
                    yield from self._inside(statement.test, statement.body, ways, True)
                    yield from self._inside(statement.test, statement.orelse, ways, False)
                case ast.Match():
                    yield from self._cases(statement, ways)
                case ast.For() | ast.AsyncFor() | ast.With() | ast.AsyncWith() | ast.Try():
                    for name in ("body", "orelse", "finalbody"):
                        yield from self.block(getattr(statement, name, []), ways)

    def _both(self, test: ast.expr, ways: list[Wishes]) -> Iterator[Wishes]:
        for wanted in (True, False):
            yield from self._led(test, ways, wanted)

    def _inside(
        self, test: ast.expr, body: Sequence[ast.stmt], ways: list[Wishes], wanted: bool
    ) -> Iterator[Wishes]:
        yield from self.block(body, self._led(test, ways, wanted) or ways)

    def _led(self, test: ast.expr, ways: list[Wishes], wanted: bool) -> list[Wishes]:
        """The ways, with what makes the test come out as wanted."""
        solutions = self._solver.solve(test, wanted)
        return [way for way in _joined(ways, solutions) if way][: 4 * MAX_WAYS]

    def _cases(self, statement: ast.Match, ways: list[Wishes]) -> Iterator[Wishes]:
        for case in statement.cases:
            values = [
                one.value for one in ast.walk(case.pattern) if isinstance(one, ast.MatchValue)
            ]
            for value in values:
                test = ast.Compare(statement.subject, [ast.Eq()], [value])
                yield from self._inside(test, case.body, ways, True)
                yield from self._led(test, ways, True)


def _tests(statement: ast.stmt) -> Iterator[ast.expr]:
    """The conditions in one statement, without those of statements inside of it."""
    queue: list[ast.AST] = [statement]
    while queue:
        node = queue.pop()
        if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
            yield node.test
        elif isinstance(node, ast.comprehension):
            yield from node.ifs
        elif isinstance(node, ast.BoolOp):
            yield node
        queue += [one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.stmt)]


def _joined(ways: Iterable[Wishes], more: Iterable[Wishes]) -> list[Wishes]:
    """Each way with each of the others; what came later counts."""
    extra = list(more)
    return [{**way, **one} for way in ways for one in extra]


class Solver:
    """Finds what the inputs must be for a condition to come out as wanted."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def solve(self, test: ast.expr, wanted: bool) -> list[Wishes]:
        """A few ways, each enough by itself; none where nobody can tell."""
        match test:
            case ast.UnaryOp(op=ast.Not()):
                return self.solve(test.operand, not wanted)
            case ast.BoolOp():
                return self._several(test, wanted)
            case ast.Compare():
                return self._compared(test, wanted)
            case ast.Call(func=ast.Attribute(attr="startswith" | "endswith")):
                return self._edge(test, wanted)
            case ast.Name() | ast.Attribute() | ast.Call() | ast.Subscript():
                return [{name: Truth(wanted)} for name in sorted(self._scope.inputs(test))]
        return []

    def _several(self, test: ast.BoolOp, wanted: bool) -> list[Wishes]:
        parts = [self.solve(one, wanted) for one in test.values]
        if isinstance(test.op, ast.And) != wanted:  # one of them is enough
            return [way for part in parts for way in part][: 2 * MAX_WAYS]
        ways: list[Wishes] = [{}]
        for part in parts:
            ways = _joined(ways, part[:MAX_WAYS]) if part else ways
        return [way for way in ways if way]

    def _edge(self, test: ast.Call, wanted: bool) -> list[Wishes]:
        assert isinstance(test.func, ast.Attribute)  # noqa: S101 (the pattern says so)
        place = test.func.attr.removesuffix("swith")
        texts = _texts(self._literals(test.args[:1]))
        names = sorted(self._scope.inputs(test.func.value))
        if not wanted:
            return [{name: Truth(False)} for name in names]
        return [{name: Holding(text, place)} for name in names for text in texts]

    def _compared(self, test: ast.Compare, wanted: bool) -> list[Wishes]:
        sides = [test.left, *test.comparators]
        ways: list[Wishes] = []
        for left, op, right in zip(sides, test.ops, test.comparators, strict=False):
            kind = type(op) if wanted else _OPPOSITE[type(op)]
            ways += self._pair(left, kind, right)
        return ways[: 2 * MAX_WAYS]

    def _pair(self, left: ast.expr, op: type[ast.cmpop], right: ast.expr) -> list[Wishes]:
        ours, theirs = self._scope.inputs(left), self._scope.inputs(right)
        if ours and theirs:
            return _related(sorted(ours), op, sorted(theirs))
        if theirs and op in (ast.In, ast.NotIn):
            made = [Holding(text) for text in _texts(self._literals([left]))]
            return [{name: value} for name in sorted(theirs) for value in made]
        if theirs:
            return self._pair(right, _MIRRORED.get(op, op), left)
        values = [value for one in self._literals([right]) for value in _answers(op, one)]
        sized = _is_size(left)
        return [
            {name: Size(value) if sized and _is_count(value) else value}
            for value in values
            for name in sorted(ours)
        ]

    def _literals(self, nodes: Iterable[ast.expr]) -> list[Any]:
        found = []
        for node in nodes:
            try:
                found.append(self._scope.literal(node))
            except ValueError:
                continue
        return found


def _related(ours: list[str], op: type[ast.cmpop], theirs: list[str]) -> list[Wishes]:
    if ours == theirs:
        return []
    more = {ast.Lt: -1.0, ast.Gt: 1.0, ast.NotEq: 1.0}.get(op, 0.0)
    return [{a: SameAs(b, more)} for a in ours for b in theirs if a != b]


def _answers(op: type[ast.cmpop], literal: Any) -> list[Any]:
    """Values for which `value op literal` holds, nearest first."""
    if op in (ast.In, ast.NotIn) and isinstance(literal, dict | list | tuple | set | frozenset):
        return list(literal)[:8] if op is ast.In else [Truth(True)]
    is_number = isinstance(literal, int | float) and not isinstance(literal, bool)
    if is_number:
        step = 1 if isinstance(literal, int) else 0.001
        return {
            ast.Lt: [literal - step],
            ast.Gt: [literal + step],
            ast.NotEq: [literal + step],
        }.get(op, [literal])
    if op in (ast.NotEq, ast.IsNot):
        return [Truth(not literal)] if literal in (None, "", True, False) else [Other(literal)]
    return [literal] if literal is None or isinstance(literal, str | bool) else []


def _is_size(node: ast.expr) -> bool:
    """Whether it is about how much there is of something."""
    calls = (one for one in ast.walk(node) if isinstance(one, ast.Call))
    names = {one.func.id if isinstance(one.func, ast.Name) else "" for one in calls}
    return bool(names & {"len", "sum", "count"})


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _texts(literals: Iterable[Any]) -> list[str]:
    flat = (
        one
        for literal in literals
        for one in (literal if isinstance(literal, tuple | list | set) else [literal])
    )
    return [one for one in flat if isinstance(one, str)][:MAX_WAYS]


# What is used without being asked about


def _mentioned(scope: Scope) -> Iterator[Wishes]:
    """Keys and places that inputs are looked up by, divisors, and literals in their calls."""
    for node in ast.walk(scope.node):
        match node:
            case ast.Subscript():
                yield from _looked_up(scope, node)
            case ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod()):
                yield from _divided(scope, node)
            case ast.Compare():
                yield from _spelled(scope, node)
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.expr(), *_]):
                yield from _keyed(scope, node.func, node.args[0])


def _looked_up(scope: Scope, node: ast.Subscript) -> Iterator[Wishes]:
    """A table's keys, and one beyond; how long something has to be for a place in it."""
    yield from _keyed(scope, node.value, node.slice)
    place = node.slice
    if isinstance(place, ast.Constant) and isinstance(place.value, int) and place.value >= 0:
        for name in sorted(scope.inputs(node.value)):
            yield {name: Size(place.value)}
            yield {name: Size(place.value + 1)}


def _keyed(scope: Scope, table: ast.expr, place: ast.expr) -> Iterator[Wishes]:
    names = sorted(scope.inputs(place))
    if not names:
        return
    try:
        found = scope.literal(_owner(table))
    except ValueError:
        return
    if isinstance(found, dict):
        values: list[Any] = [spelt for key in list(found)[:6] for spelt in spellings(key)]
    else:
        values = [len(found), len(found) - 1] if isinstance(found, list | tuple | str) else []
    yield from ({name: value} for value in values for name in names)


def _owner(table: ast.expr) -> ast.expr:
    """The table itself, of `TABLE.get`."""
    is_method = isinstance(table, ast.Attribute) and table.attr == "get"
    return table.value if is_method else table  # type: ignore[attr-defined]


def _divided(scope: Scope, node: ast.BinOp) -> Iterator[Wishes]:
    """What makes a divisor zero, and what a divisor does not go into."""
    below = sorted(scope.inputs(node.right))
    if isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Sub) and len(below) == 2:
        yield {below[0]: SameAs(below[1])}
    if isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Sub):
        with suppress(ValueError):
            taken_off = scope.literal(node.right.right)
            yield from ({name: taken_off} for name in below)
    yield from ({name: value} for name in below for value in (Size(0), 0))
    try:
        step = scope.literal(node.right)
    except ValueError:
        return
    if isinstance(step, int) and step > 1 and isinstance(node.op, ast.Mod | ast.FloorDiv):
        for name in sorted(scope.inputs(node.left)):
            yield from ({name: value} for value in (step + 1, step - 1, step * 3))


def _spelled(scope: Scope, node: ast.Compare) -> Iterator[Wishes]:
    """The texts that an input is compared with, in other spellings."""
    sides = [node.left, *node.comparators]
    names = sorted(frozenset().union(*map(scope.inputs, sides)))
    for side in sides:
        try:
            found = scope.literal(side)
        except ValueError:
            continue
        keys = list(found)[:6] if isinstance(found, dict | list | tuple | set) else [found]
        yield from ({name: text} for key in keys for text in spellings(key) for name in names)


def spellings(key: Any) -> list[Any]:
    """A text as others write it: in capitals, with a blank around."""
    if not isinstance(key, str) or not key:
        return [key]
    return list(dict.fromkeys([key, key.upper(), key.capitalize(), f" {key} ", key * 2]))
