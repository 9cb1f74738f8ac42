"""Asks several slow scorers at once and gives their answers in order."""

import asyncio
import zlib

from cog import BaseModel, BasePredictor, Input


class Score(BaseModel):
    """One text's place and score."""

    at: int
    score: float


async def scored(at: int, text: str, limit: asyncio.Semaphore) -> Score:
    """A score from 0 to 1 that depends on the text alone, after a short wait."""
    async with limit:
        number = zlib.crc32(text.encode("utf-8", "replace"))
        await asyncio.sleep(number % 5 / 1000)
        return Score(at=at, score=round(number / 2**32, 6))


class Predictor(BasePredictor):
    """Scores texts, eight at a time."""

    async def predict(
        self,
        texts: list[str] = Input(
            description="The texts, 100 at most.", default=["one", "two", "three"]
        ),
        best_first: bool = Input(
            description="Sort by score, the highest first, and not by place.", default=False
        ),
    ) -> list[Score]:
        """A score for each text; places count from 0, and equal scores stay in order of place."""
        if len(texts) > 100:
            raise ValueError("at most 100 texts")
        limit = asyncio.Semaphore(8)
        found = await asyncio.gather(*(scored(at, text, limit) for at, text in enumerate(texts)))
        return sorted(found, key=lambda one: -one.score) if best_first else list(found)
