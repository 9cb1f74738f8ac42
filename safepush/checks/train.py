"""The `train` section, as far as the server can train: today it cannot, and that is told."""

from safepush.checks.base import Result, Trial, skipped, unsure

NAME = "train"


def check(trial: Trial) -> Result:
    """Never passed: what was asked for and cannot be tried is for a person to decide."""
    if trial.config.train is None:
        return skipped(NAME, "there is no train section")
    count = len(trial.config.train.test_cases)
    return unsure(NAME, [f"not exercised: this server has no trainings ({count} test cases)"])
