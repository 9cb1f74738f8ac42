"""The JSON Schemas of the configuration and of the report, from the same tables as their code."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from safepush import peer
from safepush.checks.base import Verdict
from safepush.codelint import RULES as CODE_RULES
from safepush.compare import Tolerance
from safepush.compat import RULES as COMPAT_RULES
from safepush.config import FAIL_ON, LEVELS, MODEL
from safepush.expectations.reading import KINDS as EXPECTATIONS
from safepush.expectations.reading import NOT
from safepush.findings import Level
from safepush.fuzz.rules import RULES as FUZZ_RULES
from safepush.fuzz.settings import MOST
from safepush.judgesettings import ABSENT
from safepush.lint import RULES as LINT_RULES
from safepush.reader import MAX_SECONDS
from safepush.testcase import MAX_RUNS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string"}
BOOLEAN = {"type": "boolean"}
NUMBER = {"type": "number"}
SECONDS = {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_SECONDS}
NAMES = {"type": "array", "items": TEXT}
INPUTS = {"type": "object"}

Schema = dict[str, Any]


def configuration() -> Schema:
    """Of safepush.yaml and cog-safe-push.yaml."""
    return {
        "$schema": DIALECT,
        "title": "safepush.yaml",
        **_section(
            {
                "model": _told("owner/name", {**TEXT, "pattern": f"^{MODEL.pattern}$"}),
                "predict": {"$ref": "#/$defs/predict"},
                "lint": _policy({**LINT_RULES, **CODE_RULES}),
                "compatibility": _policy(COMPAT_RULES),
                "setup_timeout": _told("seconds until the version must be ready", SECONDS),
                "promote": _told("false: check only", BOOLEAN),
                "judge": {"$ref": "#/$defs/judge"},
                "fuzz": {"anyOf": [{"const": False}, _fuzzing()]},
                "replicate": _replicate(),
                **_peers(),
            },
            ["model"],
        ),
        "$defs": {
            "predict": _predict(),
            "judge": _judge(),
            "fuzz": _fuzz(),
            "case": _case(),
            "expectation": _expectation(),
        },
    }


def report() -> Schema:
    """Of what `--json` and `--report json=FILE` write."""
    strings = {"type": "array", "items": TEXT}
    verdict = {"enum": [one.value for one in Verdict]}
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    fields: Schema = {
        "model": TEXT,
        "version": digest,
        "live_before": {"anyOf": [digest, {"type": "null"}]},
        "verdict": {"enum": ["held", "failed", "unsure", "nothing"]},
        "held": BOOLEAN,
        "promoted": BOOLEAN,
        "live": {"anyOf": [digest, {"type": "null"}]},
        "exit_code": {"enum": [0, 1, 2, 3]},
        "seed": {"type": "integer"},
        "used": _section(
            {"predictions": {"type": "integer"}, "tokens": {"type": "integer"}},
            ["predictions", "tokens"],
        ),
        "notes": strings,
        "checks": {"type": "array", "items": _check(verdict, strings)},
    }
    error = _section({"code": TEXT, "message": TEXT}, ["code", "message"])
    whole = _section({**fields, "error": error}, list(fields))
    broken = _section({"error": error, "exit_code": {"enum": [2, 3]}}, ["error", "exit_code"])
    return {"$schema": DIALECT, "title": "A report of safepush", "anyOf": [whole, broken]}


def _check(verdict: Schema, strings: Schema) -> Schema:
    finding = {
        **dict.fromkeys(("finding", "rule", "place", "change", "why"), TEXT),
        "level": {"enum": [level.value for level in Level]},
    }
    findings = {"type": "array", "items": _section({**finding, "example": {}}, list(finding))}
    item = {
        "name": TEXT,
        "verdict": verdict,
        "reasons": strings,
        "line": {"type": ["integer", "null"]},
        "took_s": NUMBER,
        "pictures": strings,
    }
    fields = {"name": TEXT, "verdict": verdict, "reasons": strings}
    more = {
        "items": {"type": "array", "items": _section(item, list(item))},
        "findings": findings,
        "accepted": findings,
        "unused": strings,
    }
    return _section({**fields, **more}, list(fields))


def _predict() -> Schema:
    tolerance = {
        one.name: {"type": "number", "minimum": 0} for one in dataclasses.fields(Tolerance)
    }
    return _section(
        {
            "test_cases": {"type": "array", "items": {"$ref": "#/$defs/case"}},
            "predict_timeout": _told("seconds for each prediction, queueing included", SECONDS),
            "compare_outputs": _told("hold the version to what the live one gives", BOOLEAN),
            "tolerance": _section(tolerance),
            "fuzz": {"$ref": "#/$defs/fuzz"},
        }
    )


def _case() -> Schema:
    runs = {"type": "integer", "minimum": 1, "maximum": MAX_RUNS}
    fields = {
        "inputs": _told("what is sent", INPUTS),
        "error_contains": _told("the prediction must fail, and its message hold this", TEXT),
        "runs": _told("it is run so often", runs),
        "must_hold": _told("so many of the runs must hold; all of them else", runs),
        **_expectation()["properties"],
    }
    return _section(fields, ["inputs"])


def _training_case() -> Schema:
    cases = {"type": "array", "items": {"$ref": "#/$defs/case"}}
    told = _told("what the trained version is held to", cases)
    return _section({**_case()["properties"], "predict": told}, ["inputs"])


def _expectation() -> Schema:
    kinds = {key: dict(kind.schema) for key, kind in EXPECTATIONS.items()}
    return _section({**kinds, **{f"{NOT}{key}": schema for key, schema in kinds.items()}})


def _judge() -> Schema:
    return _section(
        {
            "model": TEXT,
            "votes": {"type": "integer", "minimum": 1, "maximum": 15, "not": {"multipleOf": 2}},
            "errors": {"type": "integer", "minimum": 0, "maximum": 1000},
            "timeout": SECONDS,
            "absent": {"enum": list(ABSENT)},
        }
    )


def _fuzz() -> Schema:
    return _section(
        {
            "fixed_inputs": INPUTS,
            "disabled_inputs": NAMES,
            "iterations": {"type": "integer", "minimum": 0, "maximum": peer.MAX_ITERATIONS},
            "prompt": TEXT,
            "duration": _told("not used", NUMBER),
        }
    )


def _fuzzing() -> Schema:
    return _section(
        {
            "budget": _told(
                "predictions; 0: none", {"type": "integer", "minimum": 0, "maximum": MOST}
            ),
            "timeout": _told("what takes longer is too slow", SECONDS),
            "fixed_inputs": INPUTS,
            "disabled_inputs": {**NAMES, "minItems": 1},
            **_policy(FUZZ_RULES)["properties"],
        }
    )


def _replicate() -> Schema:
    words = {**NAMES, "minItems": 1}
    return _section(
        {
            "push": _told("words of the command that builds and pushes an image", words),
            "registry": _told("what stands before owner/name in the image's name", TEXT),
            "files": _told("hosts whose https addresses are output files", words),
        }
    )


def _peers() -> Schema:
    train = {
        "destination": TEXT,
        "destination_hardware": TEXT,
        "train_timeout": SECONDS,
        "test_cases": {"type": "array", "items": _training_case()},
        "fuzz": {"$ref": "#/$defs/fuzz"},
    }
    lenient = "tell what compatibility finds, and go on"
    return {
        "train": _section(train),
        "parallel": {"type": "integer", "minimum": 1, "maximum": peer.MAX_AT_ONCE},
        "test_model": _told("where a Replicate-compatible server tests; not used else", TEXT),
        "test_hardware": _told("of that model, if it is made; not used else", TEXT),
        "deployment": _section(dict.fromkeys(("owner", "name", "hardware"), TEXT)),
        "dockerfile": _told("for the push command; not used else", TEXT),
        "fast_push": _told("for the push command; not used else", BOOLEAN),
        "use_cog_base_image": _told("for the push command; not used else", BOOLEAN),
        "ignore_schema_compatibility": _told(lenient, BOOLEAN),
        "official_model": _told("for --push-official-model", TEXT),
    }


def _policy(rules: Iterable[str]) -> Schema:
    # YAML reads a bare off as false
    level = {"enum": [*LEVELS, False]}
    accepted = _section({"finding": TEXT, "reason": TEXT}, ["finding", "reason"])
    return _section(
        {
            "fail_on": {"enum": list(FAIL_ON)},
            "levels": _section(dict.fromkeys(rules, level)),
            "accept": {"type": "array", "items": accepted},
        }
    )


def _section(fields: Mapping[str, Any], required: list[str] | None = None) -> Schema:
    told: Schema = {"type": "object", "properties": dict(fields), "additionalProperties": False}
    return {**told, "required": required} if required else told


def _told(text: str, schema: Mapping[str, Any]) -> Schema:
    return {"description": text, **schema}
