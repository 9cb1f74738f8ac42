"""The findings of lint and compatibility as SARIF 2.1.0, for code scanning."""

import hashlib
import json
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from safepush.codelint import RULES as CODE_RULES
from safepush.compat import RULES as COMPAT_RULES
from safepush.findings import Finding, Level, Rule
from safepush.fuzz.rules import RULES as FUZZ_RULES
from safepush.lint import RULES as LINT_RULES
from safepush.report import Report
from safepush.reports.places import of_finding

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note", Level.OFF: "none"}


def to_json(report: Report) -> str:
    """One run; accepted findings are in it as suppressed."""
    rules = {**LINT_RULES, **CODE_RULES, **COMPAT_RULES, **FUZZ_RULES}
    ids = list(rules)
    results = [
        _result(report, ids, finding, accepted=accepted)
        for check in report.results
        if check.judgement is not None
        for accepted, findings in (
            (False, check.judgement.findings),
            (True, check.judgement.accepted),
        )
        for finding in findings
    ]
    driver = {"name": "safepush", "rules": [_rule(rule) for rule in rules.values()]}
    run = {
        "tool": {"driver": {**driver, **_version()}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    told = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(told, indent=2, ensure_ascii=False)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.id.replace("-", " ")},
        "fullDescription": {"text": rule.why},
        "defaultConfiguration": {"level": LEVELS[rule.level]},
    }


def _result(report: Report, ids: list[str], finding: Finding, *, accepted: bool) -> dict[str, Any]:
    spot = of_finding(report, finding)
    place = {
        "physicalLocation": {
            "artifactLocation": {"uri": spot.path},
            "region": {"startLine": spot.line},
        },
        "logicalLocations": [{"fullyQualifiedName": finding.place}],
    }
    told: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": ids.index(finding.rule.id),
        "level": LEVELS[finding.level],
        "message": {"text": finding.told},
        "locations": [place],
        # the same finding in the next run is the same alert, wherever its line is by then
        "partialFingerprints": {"finding/v1": hashlib.sha256(finding.key.encode()).hexdigest()},
    }
    if accepted:
        told["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return told


def _version() -> dict[str, str]:
    try:
        return {"version": version("penstock")}
    except PackageNotFoundError:
        return {}
