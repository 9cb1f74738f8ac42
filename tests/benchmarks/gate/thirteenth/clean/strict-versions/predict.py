"""Compares version numbers, and takes nothing else."""

import re

from cog import BasePredictor, Input

VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)


def parsed(text: str, name: str) -> tuple[int, ...]:
    """The three numbers."""
    found = VERSION.fullmatch(text)
    if not found:
        raise ValueError(f"{name} must be three numbers with dots, such as 1.4.0")
    return tuple(int(number) for number in found.groups())


class Predictor(BasePredictor):
    """Tells which of two versions is newer."""

    def predict(
        self,
        left: str = Input(
            description="A version such as 1.4.0: three numbers below a million without leading "
            "zeros. Anything else, v1.4.0 and 1.4 too, is refused.",
            default="1.10.0",
        ),
        right: str = Input(description="Another one, of the same form.", default="1.9.3"),
        part: str = Input(
            description="Compare whole versions, or the first number alone.",
            default="all",
            choices=["all", "major"],
        ),
    ) -> str:
        """newer, older or same: what left is, next to right."""
        count = 1 if part == "major" else 3
        a, b = parsed(left, "left")[:count], parsed(right, "right")[:count]
        if a == b:
            return "same"
        return "newer" if a > b else "older"
