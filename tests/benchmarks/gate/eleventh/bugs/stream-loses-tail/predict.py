"""Gives a text out piece by piece, as a talking model would."""

import re
from collections.abc import Callable

from cog import BasePredictor, ConcatenateIterator, Input

VOICES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "loud": str.upper,
    "quiet": str.lower,
}


def tokens_of(text: str) -> list[str]:
    """Words with the space after them; space at the beginning stands alone."""
    return re.findall(r"\S+\s*|\s+", text)


class Predictor(BasePredictor):
    """Streams a text."""

    def predict(
        self,
        text: str = Input(
            description="What to say. The pieces joined together are the whole text.",
            default="The kettle sings, and the cat listens at the door.\nNobody else does.",
            max_length=4000,
        ),
        chunk: int = Input(description="Words in a piece.", default=1, ge=1, le=32),
        voice: str = Input(description="How it is said.", default="plain", choices=list(VOICES)),
        prefix: str = Input(description="Is said before the text.", default="", max_length=80),
    ) -> ConcatenateIterator[str]:
        """Say it."""
        if prefix:
            yield f"{prefix} "
        speak = VOICES[voice]
        waiting: list[str] = []
        for token in tokens_of(text):
            waiting.append(speak(token))
            if len(waiting) == chunk:
                yield "".join(waiting)
                waiting = []
