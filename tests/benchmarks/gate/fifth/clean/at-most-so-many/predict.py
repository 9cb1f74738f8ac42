"""The words of a text that are used most."""

import re
from collections import Counter

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="A text.", default="the cat and the dog and the bird and the fish"
        ),
        num_results: int = Input(description="At most so many words.", default=3, ge=1, le=50),
        least: int = Input(description="How often at least.", default=1, ge=1, le=20),
    ) -> list[str]:
        counts = Counter(re.findall(r"\w+", text.lower()))
        return [word for word, n in counts.most_common(num_results) if n >= least]
