"""Writes numbers as words."""

from functools import lru_cache

from cog import BasePredictor, Input

SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = (
    "-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip


@lru_cache(maxsize=128)
def spell(number: int, hyphen: str, joiner: str) -> str:
    """The words for a number from 0 to 999999."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens] + (hyphen + SMALL[ones] if ones else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = divmod(number, size)
    words = f"{spell(head, hyphen, joiner)} {name}"
    if not rest:
        return words
    between = joiner if rest < 100 else " "
    return words + between + spell(rest, hyphen, joiner)


class Predictor(BasePredictor):
    """Keeps the last 128 answers."""

    def predict(
        self,
        number: int = Input(description="The number.", default=1342, ge=-999_999, le=999_999),
        british: bool = Input(description="Write and before the last part.", default=True),
        hyphen: bool = Input(description="Write twenty-one with a hyphen.", default=True),
        capital: bool = Input(description="Begin with a capital letter.", default=False),
    ) -> str:
        """The number in words."""
        words = spell(abs(number), "-" if hyphen else " ", " and " if british else " ")
        if number < 0:
            words = f"minus {words}"
        return words[0].upper() + words[1:] if capital else words
