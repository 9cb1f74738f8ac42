"""Spell numbers in a text, for a voice to read."""

import re

from cog import BasePredictor, Input

NAMES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = NAMES.split()
TENS = ["", "", *ROUND.split()]


def below_thousand(number: int) -> str:
    """Spell a number from 0 to 999."""
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens] + (f"-{ONES[ones]}" if ones else "")
    hundreds, rest = divmod(number, 100)
    return f"{ONES[hundreds]} hundred" + (f" {below_thousand(rest)}" if rest else "")


def spell(match: re.Match[str]) -> str:
    """Spell a whole number, or its digits one by one where they are not a plain number."""
    digits = match.group()
    if len(digits) > 6 or (digits[0] == "0" and len(digits) > 1):
        return " ".join(ONES[int(digit)] for digit in digits)
    thousands, rest = divmod(int(digits), 1000)
    if not thousands:
        return below_thousand(rest)
    return f"{below_thousand(thousands)} thousand" + (f" {below_thousand(rest)}" if rest else "")


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description=(
                "The text, of at most 200 words and 5000 characters; longer ones are refused. Runs "
                "of the digits 0 to 9 are spelled: up to six digits as a number, longer ones or "
                "those with a zero in front digit by digit. Points, commas and signs stay as they "
                "are."
            ),
            default="Bus 42 leaves at 7, seat 007, fare 1250.",
        ),
    ) -> str:
        """Return the text with its numbers in words."""
        if len(text.split()) > 200 or len(text) > 5000:
            raise ValueError("the text is longer than 200 words or 5000 characters")
        return re.sub(r"[0-9]+", spell, text)
