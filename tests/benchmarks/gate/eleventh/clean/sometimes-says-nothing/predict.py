"""Reads out numbers that it finds in a text, one after the other."""

import re
from collections.abc import Iterator

from cog import BasePredictor, ConcatenateIterator, Input

NUMBER = re.compile(r"\d+", re.ASCII)
ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
        "eighteen", "nineteen"]  # fmt: skip
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spoken(number: int) -> str:
    """A number below a thousand in words."""
    hundreds, rest = divmod(number, 100)
    words = [ONES[hundreds], "hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words.append(TENS[tens] + (f"-{ONES[ones]}" if ones else ""))
    elif rest or not hundreds:
        words.append(ONES[rest])
    return " ".join(words)


def numbers(text: str) -> Iterator[str]:
    """The numbers of a text in words; the digits of long ones one by one."""
    for found in NUMBER.findall(text):
        if len(found) <= 3:
            yield spoken(int(found))
        else:
            yield " ".join(ONES[int(digit)] for digit in found)


class Predictor(BasePredictor):
    """Streams."""

    def predict(
        self,
        text: str = Input(
            description="Where the numbers are. Only the digits 0 to 9 count; signs and points "
            "do not. Numbers of more than three digits are read digit by digit; "
            "zeros before a shorter one are not read.",
            default="Bus 42 leaves at 7 from platform 115.",
            max_length=3000,
        ),
        between: str = Input(
            description="Stands between two numbers.", default=", ", max_length=10
        ),
        limit: int = Input(description="At most so many numbers.", default=50, ge=1, le=500),
        loud: bool = Input(description="In capital letters.", default=False),
    ) -> ConcatenateIterator[str]:
        """Read them out; nothing at all comes if there is no number."""
        for at, words in enumerate(numbers(text)):
            if at == limit:
                return
            if at:
                yield between
            yield words.upper() if loud else words
