"""Spells out a countdown and stops where it is told to."""

from collections.abc import Iterator

from cog import BasePredictor, ConcatenateIterator, Input

LOW = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
MIDDLE = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"]
ONES = [*LOW, *MIDDLE, "eighteen", "nineteen"]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spell(number: int) -> str:
    """Spell a number below a hundred."""
    if number < 20:
        return ONES[number]
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"-{ONES[ones]}" if ones else "")


class Predictor(BasePredictor):
    """A counter that can be told to stop."""

    def predict(
        self,
        start: int = Input(description="Number to begin with.", default=10, ge=0, le=99),
        stop: str = Input(
            description=(
                "The countdown breaks off right before the first place where this text comes, be "
                "it in the middle of a word; it runs down to zero where it never comes, or is "
                "empty. A line feed closes it in any case."
            ),
            default="",
        ),
    ) -> ConcatenateIterator[str]:
        """Stream the countdown, and close it with a line feed."""
        pieces = self.pieces(start)
        yield from self.until(pieces, stop) if stop else pieces
        yield "\n"

    def pieces(self, start: int) -> Iterator[str]:
        for number in range(start, -1, -1):
            yield spell(number)
            yield ", " if number else "."

    def until(self, pieces: Iterator[str], stop: str) -> Iterator[str]:
        """Hold back as much as could be the beginning of the stop text."""
        held = ""
        for piece in pieces:
            held += piece
            before, found, _ = held.partition(stop)
            if found:
                if before:
                    yield before
                return
            safe = len(held) - len(stop) + 1
            if safe > 0:
                yield held[:safe]
                held = held[safe:]
        if held:
            yield held
