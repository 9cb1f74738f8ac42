"""Puts a caption into a fixed-width subtitle record."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        caption: str = Input(description="The line to show."),
        width: int = Input(description="Characters to a line.", default=40, ge=8, le=80),
    ) -> str:
        record = caption.strip().encode("latin-1")
        return record[:width].ljust(width).decode("latin-1")
