"""The checks a version must hold, in running order; a new kind is one file and one line here."""

from collections.abc import Callable

from safepush.checks import cases, compatibility, lint, parity, setup
from safepush.checks.base import Result, Trial

CHECKS: dict[str, Callable[[Trial], Result]] = {
    "setup": setup.check,
    "lint": lint.check,
    "compatibility": compatibility.check,
    "cases": cases.check,
    "parity": parity.check,
}


def run(trial: Trial) -> tuple[Result, ...]:
    """Every check's result: all of them, not up to the first failure."""
    return tuple(check(trial) for check in CHECKS.values())
