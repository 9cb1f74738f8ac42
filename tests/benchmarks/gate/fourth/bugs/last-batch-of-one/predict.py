"""How friendly each text is, reckoned in batches."""

import numpy as np
from cog import BasePredictor, Input

FRIENDLY = ("thank", "good", "love", "please")


class Predictor(BasePredictor):
    def predict(
        self,
        texts: list[str] = Input(
            description="Texts to judge.", default=["thank you", "no", "good day", "never"]
        ),
        batch_size: int = Input(description="Texts at a time.", default=2, ge=1, le=32),
    ) -> list[float]:
        scores: list[float] = []
        for start in range(0, len(texts), batch_size):
            batch = texts[start : start + batch_size]
            features = np.array([[text.lower().count(word) for word in FRIENDLY] for text in batch])
            logits = (features @ np.ones((len(FRIENDLY), 1)) - 0.5).squeeze()
            scores.extend(float(1 / (1 + np.exp(-one))) for one in logits)
        return scores
