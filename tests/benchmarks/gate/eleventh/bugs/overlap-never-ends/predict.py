"""Cuts a long text into chunks that overlap, as search indexes want them."""

import re
from collections.abc import Callable

from cog import BaseModel, BasePredictor, Input


class Chunk(BaseModel):
    """A part of the text; `start` counts words, sentences or characters."""

    start: int
    text: str


def words(text: str) -> list[str]:
    """Words with the space behind them."""
    return re.findall(r"\S+\s*|^\s+", text)


def sentences(text: str) -> list[str]:
    """Sentences with what is behind them."""
    return re.findall(r"[^.!?]+[.!?]*\s*|[.!?]+\s*", text)


CUTS: dict[str, Callable[[str], list[str]]] = {
    "words": words,
    "sentences": sentences,
    "characters": list,
}


class Predictor(BasePredictor):
    """Chunks by several measures."""

    def predict(
        self,
        text: str = Input(
            description="The text.",
            default="Water rises in the morning. Nets are mended at noon. " * 6,
            max_length=4000,
        ),
        unit: str = Input(description="What is counted.", default="words", choices=list(CUTS)),
        size: int = Input(description="Units in a chunk.", default=20, ge=1, le=500),
        overlap: int = Input(
            description="Units that a chunk shares with the one before.", default=5, ge=0, le=100
        ),
        strip: bool = Input(description="No space at the ends of a chunk.", default=True),
    ) -> list[Chunk]:
        """The chunks in order; together they hold the whole text."""
        units = CUTS[unit](text)
        chunks: dict[int, str] = {}
        start = 0
        while start < len(units):
            end = min(start + size, len(units))
            chunks[start] = "".join(units[start:end])
            if end == len(units):
                break
            start = max(end - overlap, start)
        return [
            Chunk(start=start, text=chunk.strip() if strip else chunk)
            for start, chunk in chunks.items()
        ]
