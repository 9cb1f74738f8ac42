"""The schema is one that callers can read and use: what `safepush.lint` finds in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from safepush.answers import Version
from safepush.checks.base import Result, Trial, judged, skipped
from safepush.errors import SchemaInvalid
from safepush.lint import lint

NAME = "lint"


def input_names(version: Version) -> Sequence[str]:
    """The names of a version's inputs, as far as its schema tells."""
    found: Any = version.schema
    for step in ("components", "schemas", "Input", "properties"):
        found = found.get(step) if isinstance(found, Mapping) else None
    return list(found) if isinstance(found, Mapping) else []


def check(trial: Trial) -> Result:
    """Passed when no finding weighs as much as what fails."""
    schema = trial.version.schema
    if schema is None:
        return skipped(NAME, "the version has no schema")
    try:
        findings = lint(schema)
    except SchemaInvalid as exc:
        return skipped(NAME, f"the version has no input schema: {exc}")
    return judged(NAME, trial.config.lint.judge(findings), "the schema is in order")
