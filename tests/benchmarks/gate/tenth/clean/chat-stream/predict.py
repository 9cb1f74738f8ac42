"""A very small chat model that streams its answer."""

import random
import zlib
from collections.abc import Iterator

import numpy as np
from cog import BasePredictor, ConcatenateIterator, Input

CORPUS = """the garden is quiet in the morning . you could try a shorter sentence and see what
changes . a good plan begins with a small step . the answer depends on what you need . in the
evening the light is warm and the river is slow . see what you need and begin with that . try to
read it aloud . the small things matter in a long text . it is fine to ask again ."""


class Predictor(BasePredictor):
    def setup(self) -> None:
        words = CORPUS.split()
        self.words = sorted(set(words))
        place = {word: index for index, word in enumerate(self.words)}
        self.stop = place["."]
        self.follows = np.full((len(self.words), len(self.words)), 0.01)
        for word, after in zip([".", *words], words, strict=False):
            self.follows[place[word], place[after]] += 1

    def taste(self, prompt: str) -> np.ndarray:
        """How well each word goes with a prompt."""
        codes = [zlib.crc32(f"{word} {prompt}".encode("utf-8", "replace")) for word in self.words]
        return np.array(codes) / 2**32

    def tokens(
        self, bias: np.ndarray, temperature: float, top_p: float, rng: random.Random
    ) -> Iterator[str]:
        last, used = self.stop, np.zeros(len(self.words))
        while True:
            logits = np.log(self.follows[last]) + bias - 0.7 * used
            if last == self.stop:
                logits[self.stop] = -99
            chances = np.exp((logits - logits.max()) / max(temperature, 0.01))
            order = np.argsort(-chances, kind="stable")
            sums = np.cumsum(chances[order] / chances.sum())
            kept = order[: int(np.searchsorted(sums, min(top_p, sums[-1]))) + 1]
            if temperature == 0:
                kept = order[:1]
            word = rng.choices(kept.tolist(), chances[kept].tolist())[0]
            text = self.words[word]
            yield (
                "." if word == self.stop else f" {text.capitalize() if last == self.stop else text}"
            )
            used[word] += 1
            last = word

    def predict(
        self,
        prompt: str = Input(description="Prompt to send to the model.", default="How do I begin?"),
        system_prompt: str = Input(
            description="Sets the tone of the answer.", default="You are a helpful assistant."
        ),
        max_tokens: int = Input(
            description="Maximum number of tokens to generate. A word or a full stop is a token.",
            default=32,
            ge=1,
            le=512,
        ),
        temperature: float = Input(
            description="Randomness of outputs: above 1 is more random, 0 is deterministic "
            "(then top_p and seed do not matter).",
            default=0.7,
            ge=0,
            le=5,
        ),
        top_p: float = Input(
            description="Sample from the likeliest tokens that together have this probability.",
            default=0.9,
            ge=0,
            le=1,
        ),
        stop_sequences: str = Input(
            description="Comma-separated strings, taken as they are, that end the answer. They are "
            "not part of it; if it begins with one, it is empty.",
            default="",
        ),
        seed: int | None = Input(description="Leave blank for a random one.", default=None),
    ) -> ConcatenateIterator[str]:
        rng = random.Random(seed)
        stops = [stop for stop in stop_sequences.split(",") if stop]
        held = max(map(len, stops), default=1) - 1
        bias = 2 * self.taste(prompt) + self.taste(system_prompt)
        pending = ""
        for number, token in enumerate(self.tokens(bias, temperature, top_p, rng)):
            if number == max_tokens:
                break
            pending += token if number else token.lstrip()
            found = [pending.find(stop) for stop in stops if stop in pending]
            if found:
                pending = pending[: min(found)]
                break
            ready = max(0, len(pending) - held)
            if ready:
                yield pending[:ready]
                pending = pending[ready:]
        if pending:
            yield pending
