"""Shortens a text."""

from cog import BaseModel, BasePredictor, Input

DOTS = "\u2026"


class Short(BaseModel):
    """The text that fits, and whether something went."""

    text: str
    cut: bool


class Predictor(BasePredictor):
    """Teasers."""

    def predict(
        self,
        text: str = Input(
            description="The text; halves of surrogate pairs become question marks.",
            default="The new timetable begins on Monday and has three more trains a day.",
            max_length=20000,
        ),
        limit: int = Input(
            description="The most Unicode code points, the dots at the end included.",
            default=40,
            ge=2,
            le=500,
        ),
        whole_words: bool = Input(
            description="Cut at the last space before the limit, if a word is left.", default=True
        ),
    ) -> Short:
        """Leave a text that fits alone; end a longer one with dots and no space before them."""
        text = text.encode("utf-8", "replace").decode("utf-8")
        if len(text) <= limit:
            return Short(text=text, cut=False)
        kept = text[: limit - 1]
        if whole_words and text[limit - 1] != " ":
            words = kept.rpartition(" ")[0]
            kept = words if words.strip(" ") else kept
        return Short(text=kept.rstrip(" ") + DOTS, cut=True)
