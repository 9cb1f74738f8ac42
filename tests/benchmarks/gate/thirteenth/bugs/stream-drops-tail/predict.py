"""Streams a text word by word, as a chat does."""

import asyncio
import re

from cog import AsyncConcatenateIterator, BasePredictor, Input

WORD = re.compile(r"\S*\s+")


class Predictor(BasePredictor):
    """Repeats what it is given, at a reader's pace."""

    async def predict(
        self,
        text: str = Input(
            description="The text, 2000 characters at most; the pieces together are this text.",
            default="The quick brown fox.\n",
            max_length=2000,
        ),
        pause_ms: int = Input(description="Pause between the pieces.", default=0, ge=0, le=5),
    ) -> AsyncConcatenateIterator[str]:
        """One piece for each word, with the space after it."""
        for match in WORD.finditer(text):
            yield match[0]
            await asyncio.sleep(pause_ms / 1000)
