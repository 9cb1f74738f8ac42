"""Whether a model's code may depend on what differs from one process to the next."""

import ast
from collections.abc import Iterator

from safepush.fuzz.code.source import Source

#: calls that give a set, or what is made of addresses and secret seeds
MAKERS = frozenset({"set", "frozenset", "hash"})
#: calls for which the order of what they are given is nothing
DEAF = frozenset({"sorted", "len", "sum", "min", "max", "any", "all", "set", "frozenset"})


def depends_on_process(source: Source) -> bool:
    """Whether a set is made that something other than a test, a count or a sort may look at."""
    return any(_loose(tree) for tree in source.trees)


def _loose(tree: ast.Module) -> bool:
    heard = {id(one) for node in ast.walk(tree) for one in _unordered(node)}
    return any(_is_set(node) and id(node) not in heard for node in ast.walk(tree))


def _is_set(node: ast.AST) -> bool:
    if isinstance(node, ast.Set | ast.SetComp):
        return True
    return isinstance(node, ast.Call) and _name(node) in MAKERS


def _unordered(node: ast.AST) -> Iterator[ast.AST]:
    """Parts of a node whose order it does not look at."""
    if isinstance(node, ast.Compare):
        yield from node.comparators
        yield node.left
    elif isinstance(node, ast.Call) and _name(node) in DEAF:
        yield from node.args


def _name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""
