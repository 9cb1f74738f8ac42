"""Tells how easy a text is to read, from its beginning."""

from cog import BaseModel, BasePredictor, Input

WINDOW = 100


class Reading(BaseModel):
    score: float
    words_read: int
    words_left_out: int


class Predictor(BasePredictor):
    def score(self, words: list[str], sentences: int) -> float:
        letters = sum(len(word.strip(".,;:!?")) for word in words)
        return max(0.0, min(100.0, 120 - 8 * letters / len(words) - 2 * len(words) / sentences))

    def predict(
        self,
        text: str = Input(
            description="Text to judge; only its first 100 words are read",
            default="The path goes down to the shore. There it ends at an old boat.",
        ),
        skip: int = Input(description="Words to leave out before that", default=0, ge=0, le=1000),
    ) -> Reading:
        """Give a score from 0 (hard) to 100 (easy); 0 where there is nothing to read."""
        words = text.split()
        read = words[skip : skip + WINDOW]
        if not read:
            return Reading(score=0.0, words_read=0, words_left_out=len(words))
        sentences = max(1, sum(word[-1] in ".!?" for word in read))
        return Reading(
            score=round(self.score(read, sentences), 1),
            words_read=len(read),
            words_left_out=len(words) - len(read),
        )
