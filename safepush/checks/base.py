"""What a check is given, and what it says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from safepush.answers import Prediction, Version
from safepush.config import Config


class Verdict(StrEnum):
    """A check that cannot judge says skipped; it never says passed."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Result:
    """One check's verdict, with the reasons for it."""

    check: str
    verdict: Verdict
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The candidate under trial; `predict` runs one prediction on it and on nothing else."""

    version: Version
    config: Config
    predict: Callable[[Mapping[str, Any]], Prediction]


def passed(check: str, reason: str) -> Result:
    """It holds."""
    return Result(check, Verdict.PASSED, (reason,))


def failed(check: str, reasons: Sequence[str]) -> Result:
    """It does not, for each of these reasons."""
    return Result(check, Verdict.FAILED, tuple(reasons))


def skipped(check: str, reason: str) -> Result:
    """There was nothing to judge, or no means to."""
    return Result(check, Verdict.SKIPPED, (reason,))
