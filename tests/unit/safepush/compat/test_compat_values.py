"""The verdict against what values say: drawn from one schema, judged by jsonschema on the other."""

import os
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from safepush.compat import compare
from safepush.findings import NO_EXAMPLE, Finding
from tests.unit.safepush.compat.schemas import document, dumped, relatives, validator, values

PAIRS = int(os.environ.get("PENSTOCK_SCHEMA_PAIRS", "40"))
VALUES = 25
#: what is held to beside the values: an object that says nothing of other members takes them
BESIDE = ("input-removed", "input-default-changed", "input-extra-narrowed")
SAID = '"additionalProperties": '


@settings(max_examples=PAIRS, deadline=None, suppress_health_check=list(HealthCheck))
@given(pair=relatives(), data=st.data())
def test_no_value_contradicts_the_verdict(
    pair: tuple[dict[str, Any], dict[str, Any]], data: DataObject
) -> None:
    old, new = pair
    assert not _inputs(old, old)
    assert not _outputs(new, new)
    for given_, taken in ((old, new), (new, old)):
        _held(given_, taken, _inputs(given_, taken), data)
        _held(given_, taken, _outputs(given_, taken), data)


def _inputs(old: dict[str, Any], new: dict[str, Any]) -> tuple[Finding, ...]:
    """What callers of the old one would meet."""
    return compare(document(old, side="Input"), document(new, side="Input"))


def _outputs(new: dict[str, Any], old: dict[str, Any]) -> tuple[Finding, ...]:
    """The same question of outputs: the new version gives, callers of the old one take."""
    return compare(document(old, side="Output"), document(new, side="Output"))


def _held(
    given_: dict[str, Any], taken: dict[str, Any], findings: tuple[Finding, ...], data: DataObject
) -> None:
    gives, takes = validator(given_), validator(taken)
    beside = () if SAID in dumped(taken) else BESIDE
    breaks = [one for one in findings if one.rule.id not in beside]
    event("breaks" if breaks else "holds")
    for finding in findings:
        if finding.rule.id not in (*BESIDE, "output-removed"):
            _check_example(finding, gives, takes)
    if breaks:
        return
    for _ in range(VALUES):
        value = data.draw(values(given_))
        if gives.is_valid(value):
            assert takes.is_valid(value), f"{dumped(given_)} -> {dumped(taken)}: {value!r}"


def _check_example(finding: Finding, gives: Any, takes: Any) -> None:
    """Every example is good by one schema and bad by the other."""
    if finding.example is NO_EXAMPLE:
        event(f"no example: {finding.rule.id}")
        return
    event(f"example: {finding.rule.id}")
    value = finding.example["x"] if finding.place.startswith("input") else finding.example
    assert gives.is_valid(value), finding
    assert not takes.is_valid(value), finding
