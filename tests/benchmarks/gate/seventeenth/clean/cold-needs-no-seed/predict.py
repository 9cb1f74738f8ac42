"""Goes on with a text, letter by letter."""

import random
from collections import Counter, defaultdict

from cog import BasePredictor, ConcatenateIterator, Input

LESSON = "the tea is in the pot and the pot is on the table and the table is in the shade. "


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.after = defaultdict(Counter)
        for left, right in zip(LESSON, LESSON[1:] + LESSON[0], strict=True):
            self.after[left][right] += 1

    def predict(
        self,
        prompt: str = Input(
            description="Text to go on with; only its last letter matters to what follows. One "
            "that is unknown counts as a space.",
            default="the t",
            max_length=500,
        ),
        letters: int = Input(description="Letters to add.", default=40, ge=1, le=400),
        temperature: float = Input(
            description="At 0 the likeliest letter is always taken and the seed makes no "
            "difference; above it letters are drawn.",
            default=0.0,
            ge=0,
            le=2,
        ),
        seed: int = Input(
            description="The same seed draws the same letters; used above temperature 0.",
            default=0,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> ConcatenateIterator[str]:
        """The added letters, one by one, without the prompt."""
        generator = random.Random(seed)
        last = prompt[-1:].lower()
        for _ in range(letters):
            counts = self.after.get(last) or self.after[" "]
            choices = sorted(counts, key=lambda letter: (-counts[letter], letter))
            if temperature == 0:
                last = choices[0]
            else:
                highest = counts[choices[0]]
                weights = [(counts[letter] / highest) ** (1 / temperature) for letter in choices]
                last = generator.choices(choices, weights)[0]
            yield last
