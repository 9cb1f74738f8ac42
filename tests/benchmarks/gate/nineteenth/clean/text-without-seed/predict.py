"""Goes on with a text, word by word, as a small chain of words saw it before."""

import math
import random
from collections import Counter, defaultdict

from cog import BaseModel, BasePredictor, Input

CORPUS = (
    "the boat left the pier at dawn and the lake was still . at noon the wind rose and the "
    "boat came back to the pier . the gulls sat on the roof and the old man went home . "
)


class Story(BaseModel):
    text: str
    seed: int


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Count which word follows which."""
        words = CORPUS.split()
        self.following: dict[str, Counter[str]] = defaultdict(Counter)
        for word, after in zip(words, words[1:] + words[:1], strict=True):
            self.following[word][after] += 1

    def predict(
        self,
        prompt: str = Input(
            description="Its last word begins the story; one that is unknown counts as 'the'.",
            default="the boat",
            max_length=500,
        ),
        words: int = Input(description="How many words to write.", default=20, ge=1, le=200),
        temperature: float = Input(
            description="0 takes the likeliest word, and then the seed changes nothing.",
            default=1.0,
            ge=0,
            le=5,
        ),
        seed: int | None = Input(
            description="Same seed, same story. Empty: one is drawn, and told in the result.",
            default=None,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> Story:
        """The words that were written, without the prompt, and the seed."""
        seed = random.SystemRandom().randrange(2**31) if seed is None else seed
        rng = random.Random(seed)
        word = (prompt.lower().split() or ["the"])[-1]
        written = []
        for _ in range(words):
            counts = self.following.get(word) or self.following["the"]
            choices = sorted(counts, key=lambda one: (-counts[one], one))
            word, top = choices[0], math.log(counts[choices[0]])
            if temperature:
                chances = [math.exp((math.log(counts[c]) - top) / temperature) for c in choices]
                word = rng.choices(choices, chances)[0]
            written.append(word)
        return Story(text=" ".join(written), seed=seed)
