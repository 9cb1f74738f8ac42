"""The likeliest next letters."""

import numpy as np
from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="The beginning.", default="fo"),
        top_k: int = Input(
            description="How many letters to choose from.", default=10, ge=1, le=100
        ),
        repetition_penalty: float = Input(description="Against repeats.", default=1, ge=1, le=2),
    ) -> list[str]:
        scores = np.cos(np.arange(26) + len(prompt))
        for letter in prompt.lower():
            if "a" <= letter <= "z":
                scores[ord(letter) - 97] /= repetition_penalty
        best = np.argpartition(scores, -top_k)[-top_k:]
        return [chr(97 + int(n)) for n in sorted(best)]
