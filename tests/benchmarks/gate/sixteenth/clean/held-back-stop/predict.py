"""Answers letter by letter and holds some letters back."""

from collections.abc import Iterator

from cog import BasePredictor, ConcatenateIterator, Input

OPENINGS = ["That is a good question. ", "Let me think about it. ", "I am not sure. "]
CLOSING = "Please ask somebody who knows the place, and do not forget an umbrella. END"


class Predictor(BasePredictor):
    def predict(
        self,
        message: str = Input(
            description="What you say; the answer repeats its first 60 characters.",
            default="Will it rain?",
            max_length=4000,
        ),
        stop: str = Input(
            description="The answer ends right before this text, in capitals or small letters as "
            "given. Empty: it ends by itself.",
            default="END",
            max_length=80,
        ),
    ) -> ConcatenateIterator[str]:
        """The answer, in pieces of any length. It is empty if it begins with the stop."""
        opening = OPENINGS[len(message) % len(OPENINGS)]
        answer = f"{opening}You said: {message[:60]} {CLOSING}"
        yield from until(iter(answer), stop) if stop else iter(answer)


def until(letters: Iterator[str], stop: str) -> Iterator[str]:
    """What might be the beginning of the stop waits until it is clear that it is not."""
    held = ""
    for letter in letters:
        held += letter
        if held.endswith(stop):
            held = held[: -len(stop)]
            break
        ready = len(held) - len(stop) + 1
        if ready > 0:
            yield held[:ready]
            held = held[ready:]
    if held:
        yield held
