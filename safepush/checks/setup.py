"""The version loads: its `setup()` ran on a worker and its schema was made."""

from safepush.checks.base import Result, Trial, Verdict, failed
from safepush.plain import plain

NAME = "setup"
LOG_LINES = 20
#: what a line begins with that a server has to say about a version that works
WARNING = "warning: "


def check(trial: Trial) -> Result:
    """Passed when the version is ready, with the server's warnings.

    Otherwise the reason and the end of what it printed.
    """
    version = trial.version
    if version.state == "ready":
        warnings = [line for line in version.logs.splitlines() if line.startswith(WARNING)]
        told = map(plain, warnings[:LOG_LINES])
        return Result(NAME, Verdict.PASSED, ("the version is ready", *told))
    reason = plain(version.error or "no reason given")
    tail = [plain(line) for line in version.logs.splitlines()[-LOG_LINES:]]
    return failed(NAME, [f"the version is {version.state}: {reason}", *tail])
