"""The checks a version must hold, in running order; a new kind is one file and one line here."""

from collections.abc import Callable

from safepush.checks import cases, compatibility, fuzz, lint, parity, setup, train
from safepush.checks.base import Result, Trial, skipped, unsure
from safepush.errors import BudgetSpent

CHECKS: dict[str, Callable[[Trial], Result]] = {
    "setup": setup.check,
    "lint": lint.check,
    "compatibility": compatibility.check,
    "cases": cases.check,
    "parity": parity.check,
    "train": train.check,
    "fuzz": fuzz.check,
}


def run(trial: Trial) -> tuple[Result, ...]:
    """Every check's result: all of them, not up to the first failure."""
    # a section that hardly any model has is not spoken of where it is not
    wanted = (name for name in CHECKS if name != train.NAME or trial.config.train is not None)
    return tuple(_run(name, trial) for name in wanted)


def _run(name: str, trial: Trial) -> Result:
    if not trial.options.wants(name):
        return skipped(name, "left out, as asked (--only or --skip)")
    try:
        return CHECKS[name](trial)
    except BudgetSpent as exc:
        return unsure(name, [f"{exc}; the check was not made to its end"])
