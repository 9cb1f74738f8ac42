"""The schema tells callers what each input is for."""

from collections.abc import Mapping
from typing import Any

from safepush.answers import Version
from safepush.checks.base import Result, Trial, failed, passed, skipped

NAME = "lint"


def check(trial: Trial) -> Result:
    """Passed when every input that is not deprecated has a description."""
    inputs = input_properties(trial.version)
    if inputs is None:
        return skipped(NAME, "the version has no input schema")
    bare = [name for name, schema in inputs.items() if not _is_described(schema)]
    if bare:
        return failed(NAME, [f"input `{name}` has no description{_WAY_OUT}" for name in bare])
    return passed(NAME, f"{len(inputs)} inputs described")


def input_properties(version: Version) -> Mapping[str, Any] | None:
    """The schema of each input, or None where the version has no such schema."""
    found: Any = version.schema
    for step in ("components", "schemas", "Input"):
        found = found.get(step) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    properties = found.get("properties", {})
    return properties if isinstance(properties, Mapping) else None


_WAY_OUT = '; write Input(description="...") in predict(), or mark it deprecated'


def _is_described(schema: object) -> bool:
    if not isinstance(schema, Mapping):
        return False
    description = schema.get("description")
    is_text = isinstance(description, str) and bool(description.strip())
    return schema.get("deprecated") is True or is_text
