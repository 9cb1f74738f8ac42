"""Each branch of the code together with the edges of the inputs that it works with."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from safepush.fuzz.code.conditions import Solver
from safepush.fuzz.code.source import Scope, Source, scopes
from safepush.fuzz.fields import Field
from safepush.fuzz.inputs import boundaries
from safepush.fuzz.inputs.granted import granted


def ideas(
    fields: Sequence[Field], base: Mapping[str, Any], source: Source
) -> Iterator[Mapping[str, Any]]:
    """Inputs that lead into a branch, with one other of its inputs at an edge."""
    known = {one.name: one for one in fields}
    for scope in scopes(source, known):
        for node in ast.walk(scope.node):
            if isinstance(node, ast.If | ast.IfExp):
                yield from _both(scope, node, known, base)


def _both(
    scope: Scope, node: ast.If | ast.IfExp, known: Mapping[str, Field], base: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    asked = scope.inputs(node.test)
    for part, wanted in ((node.body, True), (node.orelse, False)):
        inner = part if isinstance(part, list) else [part]
        used = frozenset().union(*map(scope.inputs, inner)) - asked
        for way in Solver(scope).solve(node.test, wanted)[:1]:
            made = granted(way, known, base) or {}
            led = {
                name: value
                for name, value in made.items()
                if value != base.get(name, known[name].default)
            }
            if led:  # where the usual inputs lead there, others have put the edges to them
                yield from (
                    {**led, name: end} for name in sorted(used) for end in _ends(known, name)
                )


def _ends(known: Mapping[str, Field], name: str) -> list[Any]:
    """The two ends of a number; nothing in a text or a list."""
    field = known.get(name)
    if field is None or field.is_seed or field.choices:
        return []
    made = [*boundaries.edges(field), *([0] if field.numbers is not None else ["", []])]
    return [value for value in made if field.takes(value)][:2]
