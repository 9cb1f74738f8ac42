"""Asks several small judges at once and gives their answers in order."""

import asyncio
import zlib
from collections.abc import Callable

from cog import BaseModel, BasePredictor, Input

AT_ONCE, MOST = 4, 40


class Answer(BaseModel):
    """What a judge says of a text, between 0 and 1."""

    text: str
    score: float


def share_of(text: str, test: Callable[[str], bool]) -> float:
    """How many of the signs pass a test; 0 for an empty text."""
    return sum(map(test, text)) / len(text) if text else 0.0


JUDGES: dict[str, Callable[[str], float]] = {
    "letters": lambda text: share_of(text, str.isalpha),
    "capitals": lambda text: share_of(text, str.isupper),
    "digits": lambda text: share_of(text, str.isdigit),
    "spaces": lambda text: share_of(text, str.isspace),
}


class Predictor(BasePredictor):
    """Works on several texts at a time."""

    async def setup(self) -> None:
        """Limit what runs at once."""
        self.places = asyncio.Semaphore(AT_ONCE)

    async def judge(self, text: str, name: str) -> float:
        """One answer, which takes more or less time."""
        async with self.places:
            await asyncio.sleep(zlib.crc32(text.encode("utf-8", "replace")) % 4 / 1000)
            return JUDGES[name](text)

    async def predict(
        self,
        texts: list[str] = Input(
            description="1 to 40 texts; more or none are refused.",
            default=["Read this", "and 24 of THAT"],
        ),
        judge: str = Input(
            description="What is looked at.", default="letters", choices=list(JUDGES)
        ),
        least: float = Input(
            description="Texts with a lower score are left out.", default=0, ge=0, le=1
        ),
        digits: int = Input(description="Digits after the point.", default=3, ge=1, le=6),
    ) -> list[Answer]:
        """The answers in the order of the texts."""
        if not 1 <= len(texts) <= MOST:
            raise ValueError(f"texts: 1 to {MOST} are needed")
        scores = await asyncio.gather(*(self.judge(text, judge) for text in texts))
        scores = [round(score, digits) for score in scores]
        return [
            Answer(text=text, score=score)
            for text, score in zip(texts, scores, strict=True)
            if score >= least
        ]
