"""Readability of many texts at once, in threads."""

import re
from concurrent.futures import ThreadPoolExecutor

from cog import BaseModel, BasePredictor, Input


class Level(BaseModel):
    words: int
    sentence_length: float
    level: str


def measure(text: str, easy: float, hard: float) -> Level:
    """Long sentences are hard to read."""
    words = len(re.findall(r"\w+", text))
    sentences = len([part for part in re.split(r"[.!?]+", text) if re.search(r"\w", part)])
    length = words / sentences if sentences else 0.0
    level = "easy" if length <= easy else "hard" if length > hard else "medium"
    return Level(words=words, sentence_length=round(length, 2), level=level)


class Predictor(BasePredictor):
    def predict(
        self,
        texts: list[str] = Input(
            description="Texts, up to 200. One answer for each, in order; a text without words is "
            "easy.",
            default=["It rains.", "The rain that fell all night had filled the old stone well."],
        ),
        easy: float = Input(
            description="Words of a sentence up to which a text is easy.", default=8.0, ge=1, le=50
        ),
        hard: float = Input(
            description="Words above which it is hard; not below `easy`.", default=20.0, ge=1, le=99
        ),
        workers: int = Input(
            description="Threads; the answer does not depend on them.", default=4, ge=1, le=8
        ),
    ) -> list[Level]:
        """Measure all texts."""
        if len(texts) > 200:
            raise ValueError("at most 200 texts")
        if hard < easy:
            raise ValueError("hard is below easy")
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(lambda text: measure(text, easy, hard), texts))
