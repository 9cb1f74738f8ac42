"""What a test case may expect of an output: one file a family, one line each in `KINDS`."""

from safepush.expectations.base import (
    HELD,
    Evidence,
    Expectation,
    Holds,
    Means,
    Not,
    Outcome,
    ReferenceAway,
)

__all__ = [
    "HELD",
    "Evidence",
    "Expectation",
    "Holds",
    "Means",
    "Not",
    "Outcome",
    "ReferenceAway",
]
