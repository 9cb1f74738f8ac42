"""The demo's manifest: every digit in every colour, twice."""

from dataclasses import dataclass
from typing import Any

DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
COLOURS = ("white", "red", "green", "blue", "yellow")
SEEDS = (1, 2)


@dataclass(frozen=True)
class Wish:
    """One picture that the demo asks for."""

    digit: int
    colour: str
    seed: int

    @property
    def prompt(self) -> str:
        """In words, such as "a red seven"."""
        return f"a {self.colour} {DIGITS[self.digit]}"

    @property
    def custom_id(self) -> str:
        """What names its row in the manifest and in the results."""
        return f"{self.colour}-{DIGITS[self.digit]}-{self.seed}"

    @property
    def row(self) -> dict[str, Any]:
        """Its line of the manifest."""
        return {"custom_id": self.custom_id, "input": {"prompt": self.prompt, "seed": self.seed}}


def wishes() -> list[Wish]:
    """100 of them, ten to a line of the gallery."""
    return [
        Wish(digit, colour, seed)
        for colour in COLOURS
        for seed in SEEDS
        for digit in range(len(DIGITS))
    ]
