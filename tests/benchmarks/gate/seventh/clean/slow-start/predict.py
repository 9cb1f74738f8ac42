"""Completes a beginning with the likeliest letters; learns a little when it starts."""

import random

from cog import BasePredictor, Input

NOUNS = ["boat", "river", "lamp", "window", "garden", "stone", "letter", "winter", "field", "bell"]
VERBS = ["sees", "finds", "carries", "follows", "paints", "remembers", "hides", "greets"]


class Predictor(BasePredictor):
    def setup(self) -> None:
        rng = random.Random(8)
        self.follows: dict[str, dict[str, int]] = {}
        for _ in range(20_000):
            noun, verb, other = rng.choice(NOUNS), rng.choice(VERBS), rng.choice(NOUNS)
            sentence = f"the {noun} {verb} the {other}. "
            for place, letter in enumerate(sentence):
                for size in (1, 2, 3):
                    known = sentence[max(place - size, 0) : place]
                    counts = self.follows.setdefault(known, {})
                    counts[letter] = counts.get(letter, 0) + 1
        self.follows = {
            known: dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
            for known, counts in self.follows.items()
        }

    def next_letter(self, text: str) -> str:
        for size in (3, 2, 1, 0):
            known = text[len(text) - size :] if size <= len(text) else text
            if known in self.follows:
                return next(iter(self.follows[known]))
        return " "

    def predict(
        self,
        beginning: str = Input(
            description="Text to go on with; only its last 3 letters count",
            default="the riv",
            max_length=5000,
        ),
        letters: int = Input(description="Letters to add", default=20, ge=0, le=500),
        echo: bool = Input(description="Whether to repeat the beginning", default=True),
    ) -> str:
        """Give the likeliest letters, always the same, which soon repeat themselves."""
        text = beginning
        for _ in range(letters):
            text += self.next_letter(text[-3:])
        return text if echo else text[len(beginning) :]
