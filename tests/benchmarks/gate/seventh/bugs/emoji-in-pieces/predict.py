"""Repeats a message in another tone, streamed token by token."""

from cog import BasePredictor, ConcatenateIterator, Input

TONES = {
    "plain": "You wrote: {}",
    "polite": "If I may repeat your words: {}. Thank you!",
    "loud": "LISTEN: {}!!!",
}
TOKEN_BYTES = 3


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.vocabulary: dict[bytes, int] = {}

    def encode(self, text: str) -> list[bytes]:
        raw = text.encode("utf-8", "replace")
        return [raw[at : at + TOKEN_BYTES] for at in range(0, len(raw), TOKEN_BYTES)]

    def predict(
        self,
        message: str = Input(description="Text to repeat", default="The shop opens at nine"),
        tone: str = Input(
            description="How to repeat it", default="plain", choices=["plain", "polite", "loud"]
        ),
        max_tokens: int = Input(description="Most tokens to send", default=500, ge=1, le=5000),
    ) -> ConcatenateIterator[str]:
        head, _, tail = TONES[tone].partition("{}")
        for token in self.encode(head + message + tail)[:max_tokens]:
            yield token.decode("utf-8", "replace")
