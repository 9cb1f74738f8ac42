"""A text that goes on from a prompt, part by part."""

import random
import zlib

from cog import BasePredictor, ConcatenateIterator, Input

PARTS = ["the ", "sea ", "was ", "cal", "m. ", "a ship ", "went ", "by", ". ", "night ", "fell"]


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="How it begins.", default="In the evening"),
        length: int = Input(description="Parts to write at most.", default=24, ge=1, le=200),
        stop: str = Input(
            description="The text ends before this is written; empty: it does not.",
            default="",
            max_length=20,
        ),
        seed: int = Input(description="The same seed writes the same.", default=0, ge=0, le=9999),
    ) -> ConcatenateIterator[str]:
        dice = random.Random(zlib.crc32(prompt.encode()) + seed)
        for _ in range(length):
            part = dice.choice(PARTS)
            if stop and stop in part:
                yield part[: part.index(stop)]
                return
            yield part
