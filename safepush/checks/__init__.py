"""The checks a version must hold, in running order; a new kind is one file and one line here."""

from collections.abc import Callable

from safepush.checks import cases, compatibility, fuzz, lint, parity, setup, train
from safepush.checks.base import Result, Trial, cut_short, skipped
from safepush.config import Config
from safepush.fuzz import settings

CHECKS: dict[str, Callable[[Trial], Result]] = {
    "setup": setup.check,
    "lint": lint.check,
    "compatibility": compatibility.check,
    "cases": cases.check,
    "parity": parity.check,
    "train": train.check,
    "fuzz": fuzz.check,
}
#: the predictions that a check makes at most; the others make none
PLANNED: dict[str, Callable[[Config], int]] = {
    "cases": lambda config: cases.planned(config.predict.test_cases),
    "parity": parity.planned,
    "train": lambda config: train.planned(config.train),
    "fuzz": fuzz.planned,
}


def run(trial: Trial) -> tuple[Result, ...]:
    """Every check's result: all of them, not up to the first failure."""
    # a section that hardly any model has is not spoken of where it is not
    wanted = (name for name in CHECKS if name != train.NAME or trial.config.train is not None)
    return tuple(_run(name, trial) for name in wanted)


def planned(name: str, config: Config) -> int:
    """How many predictions a check makes at most."""
    return PLANNED[name](config) if name in PLANNED else 0


def _run(name: str, trial: Trial) -> Result:
    if not trial.options.wants(name):
        return skipped(name, "left out, as asked (--only or --skip)")
    trial.meter.lap()
    result = CHECKS[name](trial)
    spent = trial.meter.refused
    if spent is None:
        return result
    less = fuzz.LESS if name == settings.NAME else ""
    return cut_short(result, spent, trial.meter.made, planned(name, trial.config), less)
