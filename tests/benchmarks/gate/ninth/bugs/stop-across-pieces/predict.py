"""A small talker that answers piece by piece."""

from cog import BasePredictor, ConcatenateIterator, Input

OPENINGS = {
    "curious": "Good that you ask.",
    "brief": "In short.",
    "warm": "How nice to hear from you.",
}


class Predictor(BasePredictor):
    """Repeats the matter and says what it would look at."""

    def predict(
        self,
        prompt: str = Input(
            description="What to talk about.", default="the weather at sea", max_length=2000
        ),
        mood: str = Input(description="How to begin.", default="warm", choices=list(OPENINGS)),
        stop: str = Input(
            description="The answer ends before this text, wherever it comes up. Empty: never.",
            default="",
            max_length=40,
        ),
    ) -> ConcatenateIterator[str]:
        """The answer, as it is made."""
        matter = " ".join(prompt.split()) or "nothing in particular"
        answer = (
            f"{OPENINGS[mood]} You asked about {matter}. I would begin with what is known,\n"
            "go on with what is likely, and leave the rest open."
        )
        for start in range(0, len(answer), 4):
            piece = answer[start : start + 4]
            if stop and stop in piece:
                yield piece[: piece.index(stop)]
                return
            yield piece
