"""Checks lists of mail addresses before a newsletter goes out."""

import re

from cog import BaseModel, BasePredictor, Input

ADDRESS = re.compile(
    r"([a-z0-9]+[._+-]?)*[a-z0-9]@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}", re.I | re.A
)


class Verdict(BaseModel):
    """Addresses as they were given, in their order."""

    good: list[str]
    bad: list[str]


class Predictor(BasePredictor):
    """Letters, digits and single signs . _ + - before the @, the name of a host after it."""

    def predict(
        self,
        addresses: str = Input(
            description="One address a line; blank lines are passed over.",
            default="ann@example.org\nben.lee@mail.example\nnobody",
            max_length=4000,
        ),
        unique: bool = Input(
            description="Name an address once, however often it comes up.", default=True
        ),
    ) -> Verdict:
        """Which addresses are well formed."""
        lines = [line.strip() for line in addresses.split("\n")]
        lines = [line for line in lines if line]
        if unique:
            lines = list(dict.fromkeys(lines))
        good = [line for line in lines if len(line) <= 254 and ADDRESS.fullmatch(line)]
        kept = set(good)
        return Verdict(good=good, bad=[line for line in lines if line not in kept])
