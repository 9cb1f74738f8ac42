"""Callers of the live version can use the candidate without a change."""

from safepush.checks.base import Result, Trial, failed, judged, passed, skipped
from safepush.compat import compare
from safepush.errors import SchemaInvalid
from safepush.findings import Level

NAME = "compatibility"
NAMES = ("the live version's schema", "the new schema")


def check(trial: Trial) -> Result:
    """Passed when nothing that callers send or get today is lost, or what is was accepted."""
    live, version = trial.live, trial.version
    if version.state != "ready" or version.schema is None:
        return skipped(NAME, "the version is not ready, or has no schema")
    if live is None:
        return skipped(NAME, "no version is live yet, so nobody can be disappointed")
    if live.id == version.id:
        return passed(NAME, "the version is live already")
    if live.schema is None:
        return skipped(NAME, f"the live version {live.id[:12]} has no schema")
    policy = trial.config.compatibility
    try:
        findings = compare(live.schema, version.schema, names=NAMES)
    except SchemaInvalid as exc:
        if policy.fail_on is Level.OFF:
            return skipped(NAME, str(exc))
        return failed(NAME, [str(exc), "(compatibility.fail_on: never goes on without this check)"])
    return judged(NAME, policy.judge(findings), f"callers of {live.id[:12]} can use it")
