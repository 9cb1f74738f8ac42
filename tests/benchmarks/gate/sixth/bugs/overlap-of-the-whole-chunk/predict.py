"""A text in chunks for retrieval, each with the end of the one before."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A document.", min_length=1, max_length=20000),
        chunk_size: int = Input(description="Words in a chunk.", default=200, ge=8, le=1000),
        overlap: int = Input(description="Words shared with the next.", default=20, ge=0, le=200),
    ) -> list[str]:
        words = text.split()
        chunks: list[str] = []
        start = 0
        while start < len(words):
            end = min(start + chunk_size, len(words))
            chunks = [*chunks[-5000:], " ".join(words[start:end])]
            if end == len(words):
                break
            start = end - overlap
        return chunks
