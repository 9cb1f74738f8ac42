"""The version loads: its `setup()` ran on a worker and its schema was made."""

from safepush.checks.base import Result, Trial, failed, passed
from safepush.plain import plain

NAME = "setup"
LOG_LINES = 20


def check(trial: Trial) -> Result:
    """Passed when the version is ready; otherwise the reason and the end of what it printed."""
    version = trial.version
    if version.state == "ready":
        return passed(NAME, "the version is ready")
    reason = plain(version.error or "no reason given")
    tail = [plain(line) for line in version.logs.splitlines()[-LOG_LINES:]]
    return failed(NAME, [f"the version is {version.state}: {reason}", *tail])
