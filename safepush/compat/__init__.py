"""Whether callers of one version can use another without a change: a function of two schemas."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from safepush.compat.contract import contract
from safepush.compat.gaps import Gap
from safepush.compat.relation import Relation
from safepush.compat.rules import INPUT_RULES, OUTPUT_RULES, RULES
from safepush.compat.shapes import Shape
from safepush.errors import SchemaInvalid
from safepush.findings import NO_EXAMPLE, Finding, Rule, found, placed

__all__ = ["RULES", "compare"]


def compare(
    old: Any, new: Any, *, names: tuple[str, str] = ("the old schema", "the new schema")
) -> tuple[Finding, ...]:
    """What a caller of `old` meets in `new`: two OpenAPI documents of models, as parsed JSON.

    Each value that the old version takes must be taken by the new one, and each output that the
    new version may give must be one that the old one might have given.

    Raises:
        SchemaInvalid: a document cannot be compared.
    """
    before, after = contract(old, names[0]), contract(new, names[1])
    try:
        return (
            *_inputs(before.inputs, after.inputs),
            *_outputs(before.outputs, after.outputs),
        )
    except (SchemaInvalid, RecursionError) as exc:
        reason = exc.reason if isinstance(exc, SchemaInvalid) else "is nested too deeply"
        raise SchemaInvalid((), reason, " and ".join(names)) from exc


def _inputs(old: Mapping[str, Shape], new: Mapping[str, Shape]) -> Iterator[Finding]:
    relation = Relation(are_inputs=True)
    for place, given in old.items():
        if place not in new:
            yield found(INPUT_RULES["gone"], place, "declared -> undeclared")
            continue
        for gap in relation.gaps(given, new[place]):
            change = f"{gap.given} -> {gap.taken}"
            yield _finding(INPUT_RULES, place, _sure(gap, given, new[place]), change)


def _outputs(old: Mapping[str, Shape], new: Mapping[str, Shape]) -> Iterator[Finding]:
    relation = Relation(are_inputs=False)
    for place, taken in old.items():
        if place not in new:
            yield found(OUTPUT_RULES["gone"], place, "declared -> undeclared")
            continue
        for gap in relation.gaps(new[place], taken):
            change = f"{gap.taken} -> {gap.given}"
            yield _finding(OUTPUT_RULES, place, _sure(gap, new[place], taken), change)


def _sure(gap: Gap, given: Shape, taken: Shape) -> Gap:
    """An example is only told where it surely is one."""
    doubtful = gap.by_values and not gap.is_shown(given, taken)
    return replace(gap, example=NO_EXAMPLE) if doubtful else gap


def _finding(rules: Mapping[str, Rule], root: str, gap: Gap, change: str) -> Finding:
    made = found(rules[gap.name], placed(root, *gap.steps), change, gap.example)
    return replace(made, member=gap.steps[0] if gap.steps else None)
