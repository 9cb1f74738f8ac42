"""Shortens texts for places with little room."""

from cog import BaseModel, BasePredictor, Input

MARKS = {"dots": "...", "none": "", "more": " [more]"}


class Short(BaseModel):
    """The shortened text and what was left out."""

    text: str
    length: int
    left_out: int


def at_words(text: str, room: int) -> str:
    """As many whole words as there is room for; a first word that is too long is cut."""
    if len(text) <= room:
        return text
    cut = text[:room]
    if not text[room].isspace():
        cut = cut.rpartition(" ")[0] or cut
    return cut.rstrip()


class Predictor(BasePredictor):
    """Short texts."""

    def predict(
        self,
        text: str = Input(
            description="The text. Space at its ends goes, and all other space becomes one blank.",
            default="The ferry crosses the sound twice a day, and in summer four times.",
            max_length=5000,
        ),
        limit: int = Input(
            description="Most characters (Unicode code points) of the result, the mark included.",
            default=40,
            ge=10,
            le=500,
        ),
        mark: str = Input(
            description="Comes after a text that was cut.", default="dots", choices=list(MARKS)
        ),
        whole_words: bool = Input(
            description="Cut between words; a word that fills all the room is cut all the same.",
            default=True,
        ),
    ) -> Short:
        """The short text; `left_out` counts characters of the tidied text."""
        tidy = " ".join(text.split())
        if len(tidy) <= limit:
            return Short(text=tidy, length=len(tidy), left_out=0)
        room = limit - len(MARKS[mark])
        kept = at_words(tidy, room) if whole_words else tidy[:room].rstrip()
        shown = kept + MARKS[mark]
        return Short(text=shown, length=len(shown), left_out=len(tidy) - len(kept))
