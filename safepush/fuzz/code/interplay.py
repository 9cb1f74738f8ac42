"""Whether a model refuses one input for itself or for how it goes with another: by its code."""

import ast
from collections.abc import Iterable, Iterator

from safepush.fuzz.code.source import Scope, Source, scopes

_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def refuses_together(source: Source, line: str, name: str, names: Iterable[str]) -> bool:
    """Whether all tests of the input `name` that lead to this `raise` ask about others too."""
    tests = [test for scope in scopes(source, names) for test in _tests(source, scope, line, name)]
    return bool(tests) and all(tests)


def _tests(source: Source, scope: Scope, line: str, name: str) -> Iterator[bool]:
    for branch in (one for one in ast.walk(scope.node) if isinstance(one, ast.If)):
        if any(_is_line(source, one, line) for one in (*branch.body, *branch.orelse)):
            for test in _alternatives(branch.test):
                asked = scope.inputs(test)
                if name in asked:
                    yield len(asked) > 1
    for loop in _given_up(source, scope, line):
        asked = scope.inputs(loop)
        if name in asked:
            yield len(asked) > 1


def _given_up(source: Source, scope: Scope, line: str) -> Iterator[ast.stmt]:
    """Loops that come to the `raise` where nothing made them end sooner: all in them has a part."""
    for node in ast.walk(scope.node):
        told = getattr(node, "body", None)
        body: list[ast.stmt] = told if isinstance(told, list) else []
        for at, statement in enumerate(body):
            if isinstance(statement, _LOOPS) and _ends_early(statement):
                after = [*statement.orelse, *body[at + 1 : at + 2]]
                if any(_is_line(source, one, line) for one in after):
                    yield statement


def _ends_early(loop: ast.stmt) -> bool:
    return any(isinstance(one, ast.Return | ast.Break) for one in ast.walk(loop))


def _alternatives(test: ast.expr) -> list[ast.expr]:
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]


def _is_line(source: Source, node: ast.stmt, line: str) -> bool:
    """Whether it is the `raise` that a traceback shows; it shows one line of it."""
    if not isinstance(node, ast.Raise):
        return False
    lines = (text.splitlines()[node.lineno - 1 : node.lineno] for _, text in source.files)
    return any(found and found[0].strip() == line for found in lines)
