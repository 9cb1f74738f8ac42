"""What a model's code, read and never run, asks of the records and tables that it is sent."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from safepush.fuzz.code.source import Function, Source, value_of
from safepush.fuzz.tables import constants
from safepush.fuzz.tables.cells import Hint, value

#: a value is followed through so many calls and assignments
PASSES = 3
#: functions that give one of what they are given, or all of it in another order
_SAME = frozenset({"list", "tuple", "sorted", "reversed", "iter", "enumerate", "set", "filter"})
_TEXTUAL = frozenset({"strip", "lower", "upper", "casefold", "lstrip", "rstrip", "replace"})
_NUMBERS = {"float": "number", "int": "whole", "Decimal": "number", "Fraction": "number"}
#: a test for a switch is mostly one that it is none
_TYPES = (("float", "number"), ("int", "whole"), ("str", "word"), ("list", "list"))


@dataclass
class Node:
    """A value as the code looks at it: its members, its items, or what kind of leaf it is."""

    members: dict[str, "Node"] = field(default_factory=dict)
    item: "Node | None" = None
    kind: str = ""
    choices: tuple[Any, ...] = ()
    form: str = ""

    def member(self, name: str) -> "Node":
        """The value of a key."""
        return self.members.setdefault(name, Node())

    def each(self) -> "Node":
        """One of its items."""
        self.item = self.item or Node()
        return self.item

    @property
    def hint(self) -> Hint:
        """What is known of it as a cell."""
        return Hint(self.kind, self.choices, self.form)

    def made(self, name: str, at: int, count: int) -> Any:
        """A value that looks so."""
        if self.members:
            return {key: each.made(key, at, count) for key, each in self.members.items()}
        if self.item is not None or self.kind == "list":
            item = self.item or Node()
            return [item.made(name, one, count) for one in range(count)]
        return {"a": 1} if self.kind == "object" else value(name, at, self.hint)


class Followed:
    """Where the rows of a table and the parts of a JSON text go in the code."""

    def __init__(self, source: Source) -> None:
        self.table, self.json = Node(), Node()
        self._constants = constants.known(source)
        self._names: dict[tuple[str, str], Node] = {}
        self._given: dict[str, Node] = {}
        self._known = {one.name: one for one in source.functions()}
        for _ in range(PASSES):
            for one in source.functions():
                self._follow(one)

    @property
    def rows(self) -> Node:
        """A row of a table, whichever way it was come by."""
        return self.table.item or self.table

    def _follow(self, function: Function) -> None:
        place = function.name
        for node in _in_order(function):
            match node:
                case ast.Assign(targets=[target, *_], value=told):
                    self._bind(place, target, self._of(place, told))
                case ast.AnnAssign(target=target, value=ast.expr() as told):
                    self._bind(place, target, self._of(place, told))
                case (
                    ast.For(target=target, iter=told) | ast.comprehension(target=target, iter=told)
                ):
                    self._loop(place, target, told)
                case ast.Return(value=ast.expr() as told):
                    self._returned(place, self._of(place, told))
                case ast.Compare():
                    self._compared(place, node)
                case ast.expr():
                    self._of(place, node)

    def _returned(self, place: str, found: Node | None) -> None:
        if found is not None:
            self._given[place] = found

    def _bind(self, place: str, target: ast.expr, found: Node | None) -> None:
        if found is None:
            return
        if isinstance(target, ast.Name):
            self._names[place, target.id] = found
        elif isinstance(target, ast.Attribute):
            self._names["self", target.attr] = found
        elif isinstance(target, ast.Tuple) and target.elts:
            last = target.elts[-1]  # `head, *rest`, and the item beside its number
            inner = last.value if isinstance(last, ast.Starred) else last
            self._bind(place, inner, found)

    def _loop(self, place: str, target: ast.expr, told: ast.expr) -> None:
        found = self._of(place, told)
        if found is not None:
            self._bind(place, target, found.each())

    def _of(self, place: str, node: ast.expr) -> Node | None:
        """What an expression is, where it is a part of what was read."""
        match node:
            case ast.Name(id=name):
                return self._names.get((place, name))
            case ast.Attribute(attr=name):
                return self._names.get(("self", name))
            case ast.Call():
                return self._called(place, node)
            case ast.Subscript():
                return self._picked(place, node)
            case _:
                return self._joined(place, node)

    def _joined(self, place: str, node: ast.expr) -> Node | None:
        """The same of one that has others in it."""
        match node:
            case ast.BoolOp(values=[first, *_]) | ast.IfExp(body=first) | ast.Await(value=first):
                return self._of(place, first)
            case ast.NamedExpr(target=target, value=first):
                found = self._of(place, first)
                self._bind(place, target, found)
                return found
            case ast.ListComp(elt=elt, generators=[one, *_]):
                return self._listed(place, elt, one)
            case ast.GeneratorExp(elt=elt, generators=[one, *_]):
                return self._listed(place, elt, one)
            case ast.DictComp(generators=[ast.comprehension(iter=told)]) if _is_zip(told):
                return self.table.each()
            case ast.BinOp(left=left, right=right):
                self._counted(place, left, right)
        return None

    def _listed(self, place: str, first: ast.expr, one: ast.comprehension) -> Node | None:
        self._loop(place, one.target, one.iter)
        found = self._of(place, first)
        return None if found is None else Node(item=found)

    def _counted(self, place: str, *sides: ast.expr) -> None:
        for one in sides:
            found = self._of(place, one) if isinstance(one, ast.Subscript) else None
            if found is not None and not found.kind:
                found.kind = "number"

    def _picked(self, place: str, node: ast.Subscript) -> Node | None:
        found = self._of(place, node.value)
        if found is None or isinstance(node.ctx, ast.Store):
            return None
        if isinstance(node.slice, ast.Slice):
            return found
        keys = self._texts(node.slice)
        made = [found.member(key) for key in keys]
        if made:
            return made[0]
        is_at = isinstance(node.slice, ast.Constant | ast.UnaryOp)
        return found.each() if is_at else None

    def _texts(self, node: ast.expr) -> list[str]:
        """The text, or the texts, that an expression is."""
        if told := constants.texts(node, self._constants):
            return told
        try:
            one = value_of(node, self._constants)
        except ValueError:
            return []
        return [one] if isinstance(one, str) else []

    def _called(self, place: str, node: ast.Call) -> Node | None:
        name = ast.unparse(node.func).rpartition(".")[2]
        whole = ast.unparse(node.func)
        if whole in ("json.loads", "json.load"):
            return self.json
        if name in ("DictReader", "read_csv"):
            return self.table
        if name == "dict" and node.args and _is_zip(node.args[0]):
            return self.table.each()
        if isinstance(node.func, ast.Attribute):
            owner = self._of(place, node.func.value)
            if owner is not None:
                return self._asked(owner, name, node)
        args = [self._of(place, one) for one in node.args]
        if name in self._known:
            self._pass(self._known[name], args)
            return self._given.get(name)
        first = args[-1] if name == "filter" else next(iter(args), None)
        return None if first is None else self._through(name, first, node)

    def _through(self, name: str, first: Node, node: ast.Call) -> Node | None:
        if name in _NUMBERS:
            first.kind = _NUMBERS[name]
        elif name in ("fromisoformat", "strptime"):
            first.kind = "date"
            first.form = next(iter(self._texts(node.args[-1])), "") if len(node.args) > 1 else ""
        elif name == "isinstance" and not first.kind:
            told = re.findall(r"\w+", ast.unparse(node.args[1]))
            first.kind = next((kind for name, kind in _TYPES if name in told), "")
        elif name == "next":
            return first.each()
        return first if name in _SAME else None

    def _asked(self, owner: Node, name: str, node: ast.Call) -> Node | None:
        if name in ("get", "pop") and node.args:
            keys = self._texts(node.args[0])
            return owner.member(keys[0]) if keys else None
        return owner if name in _TEXTUAL else None

    def _pass(self, function: Function, args: Sequence[Node | None]) -> None:
        names = [one.arg for one in function.args.args if one.arg != "self"]
        for name, found in zip(names, args, strict=False):
            if found is not None:
                self._names[function.name, name] = found

    def _compared(self, place: str, node: ast.Compare) -> None:
        left, right = node.left, node.comparators[0]
        found = self._of(place, left)
        if found is not None:
            told = [one for one in self._texts(right) if one]
            is_number = isinstance(right, ast.Constant) and type(right.value) in (int, float)
            if not found.kind and told:
                found.choices = tuple(dict.fromkeys([*found.choices, *told]))
            elif is_number and not found.kind:
                found.kind = "number"
        owner = self._of(place, right) if isinstance(node.ops[0], ast.In | ast.NotIn) else None
        if owner is not None:
            for key in self._texts(left):
                owner.member(key)


def _is_zip(node: ast.expr) -> bool:
    """Whether names of columns and cells are put together."""
    is_call = isinstance(node, ast.Call) and ast.unparse(node.func) == "zip"
    return is_call and constants.is_header(node)


def _in_order(function: Function) -> Iterator[ast.AST]:
    """All that is in a function, from the top down."""
    found = [one for one in ast.walk(function) if hasattr(one, "lineno") or _has_target(one)]
    yield from sorted(found, key=_line)


def _has_target(one: ast.AST) -> bool:
    return isinstance(one, ast.comprehension)


def _line(one: ast.AST) -> tuple[int, int]:
    if isinstance(one, ast.comprehension):
        # before the items that are made of it, which stand in front of it
        return one.target.lineno, -1
    return getattr(one, "lineno", 0), getattr(one, "col_offset", 0)
