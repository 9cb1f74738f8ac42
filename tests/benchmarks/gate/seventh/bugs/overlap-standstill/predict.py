"""Cuts a document into overlapping chunks for a search index."""

from cog import BasePredictor, Input

DEFAULT = (
    "Chunks are what a search index stores. Each of them is short enough to be embedded, and "
    "neighbours share some text so that no sentence is cut in two without a trace."
)


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Document to cut", default=DEFAULT),
        chunk_size: int = Input(description="Characters in a chunk", default=80, ge=1, le=4000),
        chunk_overlap: int = Input(
            description="Characters that a chunk shares with the one before",
            default=20,
            ge=0,
            le=4000,
        ),
    ) -> list[str]:
        chunks: dict[int, str] = {}
        start = 0
        while start < len(text):
            end = min(start + chunk_size, len(text))
            chunks[start] = text[start:end]
            if end == len(text):
                break
            start = max(end - chunk_overlap, 0)
        return list(chunks.values())
