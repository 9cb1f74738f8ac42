"""Estimates how long a text takes to read out."""

from cog import BaseModel, BasePredictor, Input


class Estimate(BaseModel):
    """Words, and seconds rounded to a tenth."""

    words: int
    seconds: float


class Predictor(BasePredictor):
    """Words at a pace."""

    def predict(
        self,
        text: str = Input(
            description="The text; words are what white space parts.",
            default="Good morning and welcome on board.",
            max_length=20000,
        ),
        words_per_minute: int = Input(description="The pace.", default=150, ge=40, le=400),
        pause: float = Input(
            description="Seconds added for each paragraph after the first; an empty line or more "
            "parts two paragraphs.",
            default=0.5,
            ge=0.0,
            le=5.0,
        ),
        voice: str = Input(
            description="Kept so that old callers still work; has no effect any more.",
            default="",
            max_length=200,
        ),
    ) -> Estimate:
        """The estimate; an empty text takes no time."""
        words = len(text.split())
        paragraphs, inside = 0, False
        for line in text.splitlines():
            filled = bool(line.strip())
            if filled and not inside:
                paragraphs += 1
            inside = filled
        seconds = words * 60 / words_per_minute + pause * max(0, paragraphs - 1)
        return Estimate(words=words, seconds=round(seconds, 1))
