"""Picks what matters out of a service's log."""

import re

from cog import BaseModel, BasePredictor, Input

LEVELS = ["WARNING", "ERROR", "CRITICAL"]
ENTRY = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2} ([A-Z]+)\b")
SAMPLE = """12:00:01 INFO started
12:00:07 ERROR cannot open reading.csv: No such file or directory
Traceback (most recent call last):
  File "read.py", line 3, in <module>
FileNotFoundError: reading.csv
12:00:09 WARNING disk is 91% full"""


class Digest(BaseModel):
    """Lines as they stand in the log, and how many more there were before them."""

    lines: list[str]
    left_out: int


class Predictor(BasePredictor):
    """An entry begins with a time and a level; lines without a time belong to the one before."""

    def predict(
        self,
        log: str = Input(
            description="The log. Blank lines, and what stands before the first time, are passed "
            "over.",
            default=SAMPLE,
            max_length=200_000,
        ),
        level: str = Input(description="Least level to tell.", default="WARNING", choices=LEVELS),
        most: int = Input(
            description="Lines at most; the last ones stay.", default=50, ge=1, le=500
        ),
    ) -> Digest:
        """The entries of that level or above; none if all was well."""
        wanted = set(LEVELS[LEVELS.index(level) :])
        found, telling = [], False
        for line in log.replace("\r\n", "\n").split("\n"):
            entry = ENTRY.match(line)
            if entry:
                telling = entry[1] in wanted
            if telling and line.strip():
                found.append(line)
        return Digest(lines=found[-most:], left_out=max(0, len(found) - most))
