"""Constants of a model's code that are tables, records, or the names of columns."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.code.source import Source, constants_of, value_of
from safepush.fuzz.tables import table

#: how code calls what it compares names of columns with
_HEADER = re.compile(
    r"head|column|field|names|keys|reader|row|cols|first|table|frame|\bdf\b|record|missing|required"
)
_COMPACT = re.compile(r"[A-Za-z_]\w*(?:([,;|\t])[A-Za-z_]\w*)(?:\1[A-Za-z_]\w*)*")
_SETS = frozenset({"issubset", "issuperset", "difference", "symmetric_difference", "intersection"})
_WRAPS = frozenset({"set", "frozenset", "list", "tuple", "sorted"})
#: longer constants are data of the model
LONGEST = 20_000


def known(source: Source) -> Mapping[str, Any]:
    """Constants by their names, with those that are made of a literal by one call."""
    found = dict(constants_of(source))
    for tree in source.trees:
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as told):
                    if made := texts(told, {}):
                        found[name] = made
    return found


def texts(node: ast.expr, constants: Mapping[str, Any]) -> list[str]:
    """The texts that an expression holds, in their order; those of a set from a to z."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[one]) if name in _WRAPS:
            return texts(one, constants)
        case ast.Call(func=ast.Attribute(value=one, attr="split"), args=args):
            told, sign = _literal(one, constants), [_literal(each, constants) for each in args]
            is_text = isinstance(told, str) and all(isinstance(each, str) for each in sign)
            return told.split(*sign) if is_text else []
        case ast.Call(func=ast.Attribute(value=one, attr="keys")):
            return texts(one, constants)
    told = _literal(node, constants)
    if isinstance(told, set | frozenset):
        told = sorted(told, key=str)
    is_many = isinstance(told, list | tuple | dict)
    return [*told] if is_many and all(isinstance(one, str) for one in told) else []


def _literal(node: ast.expr, constants: Mapping[str, Any]) -> Any:
    try:
        return value_of(node, constants)
    except ValueError:
        return None


# Names of columns


@dataclass(frozen=True)
class Heading:
    """Names of columns that the code asks for, and what stands between them."""

    names: tuple[str, ...]
    between: str = ""


def headings(source: Source) -> list[Heading]:
    """What the code compares the heading of a table with, whole ones first."""
    constants = known(source)
    found = [
        *_compact(source),
        *(Heading(tuple(one)) for tree in source.trees for one in _compared(tree, constants)),
    ]
    whole = [one for one in found if len(one.names) > 1]
    alone = dict.fromkeys(name for one in found if len(one.names) == 1 for name in one.names)
    return [*whole, *([Heading(tuple(alone))] if alone else [])]


def _compact(source: Source) -> Iterator[Heading]:
    for text in strings(source):
        found = _COMPACT.fullmatch(text.strip())
        if found and table.is_heading(text.strip().split(found[1])):
            yield Heading(tuple(text.strip().split(found[1])), found[1])


def _compared(tree: ast.AST, constants: Mapping[str, Any]) -> Iterator[list[str]]:
    for node in ast.walk(tree):
        yield from _in_tests(node, constants)
        yield from _in_calls(node, constants)
        yield from _in_loops(node, constants)


def _in_tests(node: ast.AST, constants: Mapping[str, Any]) -> Iterator[list[str]]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            is_in = isinstance(op, ast.In | ast.NotIn) and is_header(right)
            name = _literal(left, constants) if is_in else None
            if isinstance(name, str) and _is_name(name):
                yield [name]
            else:
                yield from _sides(left, right, constants)
        case ast.BinOp(left=left, op=ast.Sub() | ast.BitAnd(), right=right):
            yield from _sides(left, right, constants)
        case ast.Subscript(slice=ast.List() as told):
            yield from filter(None, [texts(told, constants)])


def _in_calls(node: ast.AST, constants: Mapping[str, Any]) -> Iterator[list[str]]:
    match node:
        case ast.Call(func=ast.Attribute(value=left, attr=name), args=[right]):
            told = _literal(right, constants)
            if name in _SETS:
                yield from _sides(left, right, constants)
            elif name == "index" and is_header(left) and _is_name(told):
                yield [told]
        case ast.keyword(arg="usecols", value=told):
            yield from filter(None, [texts(told, constants)])


def _in_loops(node: ast.AST, constants: Mapping[str, Any]) -> Iterator[list[str]]:
    match node:
        case ast.For(target=target, iter=told, body=body):
            yield from _asked(target, told, body, constants)
        case ast.ListComp(elt=elt, generators=[one]) | ast.GeneratorExp(elt=elt, generators=[one]):
            yield from _asked(one.target, one.iter, [elt, *one.ifs], constants)


def _sides(left: ast.expr, right: ast.expr, constants: Mapping[str, Any]) -> Iterator[list[str]]:
    for one, other in ((left, right), (right, left)):
        found = texts(one, constants)
        if found and all(map(_is_name, found)) and is_header(other) and not texts(other, constants):
            yield found


def _asked(
    target: ast.expr, told: ast.expr, body: Iterable[ast.AST], constants: Mapping[str, Any]
) -> Iterator[list[str]]:
    """Names that are looked for one by one."""
    found = texts(told, constants)
    tests = [one for each in body for one in ast.walk(each) if isinstance(one, ast.Compare)]
    looked = any(
        isinstance(one.ops[0], ast.In | ast.NotIn)
        and ast.unparse(one.left) == ast.unparse(target)
        and is_header(one.comparators[0])
        for one in tests
    )
    if found and looked and all(map(_is_name, found)):
        yield found


def is_header(node: ast.expr) -> bool:
    """Whether an expression seems to be the names of columns, or to hold them."""
    return bool(_HEADER.search(ast.unparse(node).lower()))


def _is_name(told: Any) -> bool:
    return isinstance(told, str) and 0 < len(told) <= 40 and told.isprintable()


# Texts


def strings(source: Source) -> Iterator[str]:
    """The texts in the code that are no docstrings, each once."""
    seen: dict[str, None] = {}
    for tree in source.trees:
        bare = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in bare:
                value = node.value
                seen |= {value: None} if isinstance(value, str) and len(value) <= LONGEST else {}
    yield from seen


def examples(source: Source) -> list[str]:
    """Those that are a table or a JSON text."""
    return [text for text in strings(source) if is_example(text)]


def is_example(text: str) -> bool:
    """Whether a text holds data: a table of two lines or more, or JSON with something in it."""
    return table.read(text) is not None or records(text) is not None


def records(text: str) -> Any:
    """What a JSON text or JSON lines hold, if that is an object or a list with something in it."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) and found else None


def lines(text: str) -> list[Any] | None:
    """What JSON lines hold, where each is an object, and there are two or more."""
    told = [records(line) for line in text.splitlines() if line.strip()]
    return told if len(told) > 1 and all(isinstance(one, dict) for one in told) else None
