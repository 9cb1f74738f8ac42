"""Adds up a list of expenses."""

import re

from cog import BaseModel, BasePredictor, Input

ENTRY = re.compile(r"\s*([^:]+?)\s*:\s*([0-9]{1,9}(?:\.[0-9]{1,2})?)\s*", re.ASCII)


class Sum(BaseModel):
    entries: int
    total: float
    dearest: str


def summed(found):
    """What a list of names and cents comes to."""
    name = max(found, key=lambda entry: entry[1])[0] if found else ""
    total = sum(cents for _, cents in found) / 100
    return Sum(entries=len(found), total=total, dearest=name)


class Predictor(BasePredictor):
    def predict(
        self,
        expenses: str = Input(
            description="One expense per line, `name: amount`, the amount with up to two decimals. "
            "Blank lines are skipped; any other line is refused.",
            default="tea: 2.50\nbread: 3.20\nlamp: 18",
            max_length=5000,
        ),
    ) -> Sum:
        """How many expenses there are, what they come to and which is the dearest."""
        found = []
        for number, line in enumerate(expenses.split("\n"), 1):
            if not line.strip():
                return summed(found)
            entry = ENTRY.fullmatch(line)
            if entry is None:
                raise ValueError(f"line {number} of the expenses is not `name: amount`")
            name, amount = entry.groups()
            found.append((name, round(float(amount) * 100)))
        return summed(found)
