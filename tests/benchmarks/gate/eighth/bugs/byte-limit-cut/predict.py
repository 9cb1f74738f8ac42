"""Shortens notes so that they fit in a column of so many bytes."""

from cog import BaseModel, BasePredictor, Input


class Note(BaseModel):
    text: str
    bytes_used: int
    shortened: bool


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The note, any text.", default="Water the plants on Friday", max_length=5000
        ),
        limit: int = Input(
            description="How many bytes of UTF-8 the result may have.", default=20, ge=1, le=4000
        ),
    ) -> Note:
        """Return the note, cut to the limit."""
        body = text.encode("utf-8", "replace")
        if len(body) <= limit:
            return Note(text=body.decode(), bytes_used=len(body), shortened=False)
        kept = body[:limit].decode()
        return Note(text=kept, bytes_used=len(kept.encode()), shortened=True)
