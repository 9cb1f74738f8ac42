"""Streams an answer as a language model does, some bytes at a time."""

import re

from cog import BasePredictor, ConcatenateIterator, Input

GREETINGS = {"plain": "You said: ", "formal": "You were so kind as to write: ", "none": ""}


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(
            description="What is said back, with its spaces made single.",
            default="The kettle is on and the door is open.",
            max_length=5000,
        ),
        tone: str = Input(
            description="How the answer begins.",
            default="plain",
            choices=["plain", "formal", "none"],
        ),
        max_bytes: int = Input(
            description="Longest answer in bytes; a longer one is refused.",
            default=20000,
            ge=16,
            le=40000,
        ),
    ) -> ConcatenateIterator[str]:
        """The answer in pieces, which together are the beginning and the prompt."""
        answer = GREETINGS[tone] + re.sub(r"\s+", " ", prompt).strip()
        data = answer.encode("utf-8", "replace")
        if len(data) > max_bytes:
            raise ValueError(f"the answer is longer than {max_bytes} bytes")
        for at in range(0, len(data), 3):
            yield data[at : at + 3].decode("utf-8", "ignore")
