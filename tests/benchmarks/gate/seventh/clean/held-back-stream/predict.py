"""Answers a prompt as a stream of tokens and ends at a stop text."""

import codecs
import random

from cog import BasePredictor, ConcatenateIterator, Input

OPENINGS = ["Well: ", "As you say: ", "Noted: "]
TOKEN_BYTES = 3


def held_back(text: str, stop: str) -> int:
    """Tell how much of the text's end may be the beginning of the stop text."""
    longest = min(len(text), len(stop) - 1)
    return next((size for size in range(longest, 0, -1) if stop.startswith(text[-size:])), 0)


class Predictor(BasePredictor):
    def tokens(self, prompt: str, seed: int) -> list[bytes]:
        answer = random.Random(seed).choice(OPENINGS) + prompt
        raw = answer.encode("utf-8", "replace")
        return [raw[at : at + TOKEN_BYTES] for at in range(0, len(raw), TOKEN_BYTES)]

    def predict(
        self,
        prompt: str = Input(
            description="What to answer", default="Tell me of the sea 🌊", max_length=4000
        ),
        stop: str = Input(
            description="The answer ends before this text, and may be empty; nothing of it is sent",
            default="",
            max_length=100,
        ),
        max_tokens: int = Input(
            description="Most tokens of 3 bytes; a letter that is cut in two is left out",
            default=500,
            ge=1,
            le=8000,
        ),
        seed: int = Input(description="The same seed gives the same answer", default=4, ge=0),
    ) -> ConcatenateIterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")()
        waiting = ""
        for token in self.tokens(prompt, seed)[:max_tokens]:
            waiting += decoder.decode(token)
            if stop and stop in waiting:
                yield waiting[: waiting.index(stop)]
                return
            ready = len(waiting) - held_back(waiting, stop)
            if ready:
                yield waiting[:ready]
                waiting = waiting[ready:]
        yield waiting
