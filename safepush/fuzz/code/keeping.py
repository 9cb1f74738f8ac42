"""Whether a model's code keeps anything from one prediction to the next."""

import ast
from collections.abc import Iterator

from safepush.fuzz.code.source import Function, Source

#: what is done once, before the first prediction
ONCE = frozenset({"setup", "__init__"})
#: methods by which something is put into what is there
PUTS = frozenset({"append", "add", "update", "setdefault", "insert", "extend", "appendleft"})
KEEPERS = frozenset({"cache", "lru_cache", "cached"})


def keeps(source: Source) -> bool:
    """Whether a later prediction may be given what an earlier one made."""
    return any(any(_kept(node, _outer(tree))) for tree in source.trees for node in _functions(tree))


def _functions(tree: ast.Module) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function) and node.name not in ONCE:
            yield node


def _outer(tree: ast.Module) -> frozenset[str]:
    """Names of the module itself: what they hold is there for all predictions."""
    assigns = (one for one in tree.body if isinstance(one, ast.Assign | ast.AnnAssign))
    targets = (t for a in assigns for t in (a.targets if isinstance(a, ast.Assign) else [a.target]))
    return frozenset(one.id for one in targets if isinstance(one, ast.Name)) | {"self", "cls"}


def _kept(function: Function, outer: frozenset[str]) -> Iterator[ast.AST]:
    yield from (one for one in function.decorator_list if _last_name(one) in KEEPERS)
    for node in ast.walk(function):
        if isinstance(node, ast.Global):
            yield node
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            yield from [node] if _root(node) in outer else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from [node] if node.func.attr in PUTS and _root(node.func) in outer else []


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _last_name(node: ast.expr) -> str:
    called = node.func if isinstance(node, ast.Call) else node
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
