"""Spells words for a telephone, several callers at once."""

import asyncio

from cog import AsyncConcatenateIterator, BasePredictor, Input, concurrent


class Predictor(BasePredictor):
    async def setup(self):
        """Let two callers speak at a time."""
        self.lines = asyncio.Semaphore(2)
        self.speaking = 0

    @concurrent(max=4)
    async def predict(
        self,
        text: str = Input(description="What to spell.", default="harbour", max_length=60),
        separator: str = Input(
            description="Between letters.", default="-", choices=["-", " ", "..."]
        ),
    ) -> AsyncConcatenateIterator[str]:
        """Yield the characters of the text with a separator between them."""
        async with self.lines:
            self.speaking += 1
            try:
                for place, letter in enumerate(text):
                    await asyncio.sleep(0.0005)
                    yield letter if place == 0 else separator + letter
            finally:
                self.speaking -= 1
