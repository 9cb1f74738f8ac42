"""Whether a model's code keeps anything from one prediction to the next."""

import ast
from collections.abc import Iterator

from safepush.fuzz.code.source import Function, Source

#: what is done once, before the first prediction
ONCE = frozenset({"setup", "__init__"})
#: methods by which something is put into what is there
PUTS = frozenset({"append", "add", "update", "setdefault", "insert", "extend", "appendleft"})
#: calls that leave nothing but words, or time, behind
HARMLESS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "log", "sleep"})
KEEPERS = frozenset({"cache", "lru_cache", "cached"})


def keeps(source: Source) -> bool:
    """Whether a later prediction may be given what an earlier one made."""
    return any(any(_kept(node, _outer(tree))) for tree in source.trees for node in _functions(tree))


def touches(source: Source) -> bool:
    """The same, or whether it calls something that is there for all for its effect alone.

    Weights that are put on, a seed that is set: nothing is assigned there.
    """
    return not source.files or keeps(source) or any(map(_acts, source.trees))


def _acts(tree: ast.Module) -> bool:
    imports = (one for one in ast.walk(tree) if isinstance(one, ast.Import | ast.ImportFrom))
    modules = {(each.asname or each.name).split(".")[0] for one in imports for each in one.names}
    outer = _outer(tree) | modules
    for one in _functions(tree):
        named = _named(one, outer)
        if any(_is_act(node, named) for node in ast.walk(one)):
            return True
    return False


def _named(function: Function, outer: frozenset[str]) -> frozenset[str]:
    """With names that stand for a part of what is there for all."""
    made = [one for one in ast.walk(function) if isinstance(one, ast.Assign)]
    found = [one for one in made if isinstance(one.value, ast.Attribute | ast.Subscript)]
    targets = [t for one in found if _root(one.value) in outer for t in one.targets]
    return outer | {one.id for one in targets if isinstance(one, ast.Name)}


def _is_act(node: ast.AST, outer: frozenset[str]) -> bool:
    """Whether it is a call of which nobody takes the result, or a member that is set."""
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        return _root(node) in outer
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    called = node.value.func
    is_harmless = isinstance(called, ast.Attribute) and called.attr in HARMLESS
    return isinstance(called, ast.Attribute) and not is_harmless and _root(called) in outer


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
