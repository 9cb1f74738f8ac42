"""Callers can read and use the schema, and nothing is wrong with the code as it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from safepush import peer
from safepush.answers import Version
from safepush.checks.base import Result, Trial, judged, skipped
from safepush.codelint import codelint
from safepush.config import Config
from safepush.errors import SchemaInvalid
from safepush.findings import Finding, Level, Policy
from safepush.lint import lint
from safepush.plain import plain

NAME = "lint"
AWAY = "its files are not here"


def input_names(version: Version, section: str = "Input") -> Sequence[str]:
    """The names of a version's inputs, as far as its schema tells."""
    found = _section(version, section).get("properties")
    return list(found) if isinstance(found, Mapping) else []


def unknown_inputs(
    version: Version, inputs: Mapping[str, Any], section: str = "Input"
) -> Sequence[str]:
    """Those of `inputs` that a version has not, and would drop, as far as its schema tells."""
    found = _section(version, section)
    if "properties" not in found or found.get("additionalProperties"):
        return []
    known = input_names(version, section)
    return [name for name in inputs if name not in known]


def _section(version: Version, section: str) -> Mapping[str, Any]:
    """Its inputs or, with TrainingInput, those of its training; empty where it tells none."""
    found: Any = version.schema
    for step in ("components", "schemas", section):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def check(trial: Trial) -> Result:
    """Passed when no finding weighs as much as what fails."""
    schema, untold = _of_schema(trial.version)
    code, unread = ((), AWAY) if trial.folder is None else codelint(trial.folder)
    judgement = _policy(trial.config).judge((*schema, *code))
    if untold and judgement.held:
        return skipped(NAME, untold)
    what = "the schema is in order" if unread else "the schema and the code are in order"
    result = judged(NAME, judgement, what)
    notes = [plain(untold)] if untold else []
    notes += [f"not exercised: the code was not looked at ({plain(unread)})"] if unread else []
    return replace(result, reasons=(*result.reasons, *notes))


def _of_schema(version: Version) -> tuple[tuple[Finding, ...], str]:
    """(what is wrong with it, why nobody can tell)."""
    if version.schema is None:
        return (), "the version has no schema"
    try:
        return lint(version.schema), ""
    except SchemaInvalid as exc:
        return (), f"the version has no input schema: {exc}"


def _policy(config: Config) -> Policy:
    """As configured; where cog-safe-push is what a team comes from, whatever ruff finds fails."""
    if config.source is None or config.source.name != peer.FILE_NAME:
        return config.lint
    return replace(config.lint, levels={"lint-code": Level.ERROR, **config.lint.levels})
