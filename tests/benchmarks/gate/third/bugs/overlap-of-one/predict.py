"""Cuts a text into overlapping pieces for an index."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A long text.", default="The fox ran over the hill. " * 8),
        size: int = Input(description="Characters of a piece.", default=40, ge=8, le=2000),
        overlap: float = Input(
            description="Part of a piece that the next one has too.", default=0.25, ge=0, le=1
        ),
    ) -> list[str]:
        step = round(size * (1 - overlap))
        return [text[at : at + size] for at in range(0, len(text), step)]
