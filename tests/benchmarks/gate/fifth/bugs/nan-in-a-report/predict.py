"""How alike two texts are, as a report to keep."""

import json
import math
from collections import Counter

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        first: str = Input(description="A text.", default="the cat sat on the mat"),
        second: str = Input(description="Another.", default="a cat sat on a mat"),
    ) -> Path:
        one, other = (Counter(text.lower().split()) for text in (first, second))
        dot = sum(count * other[word] for word, count in one.items())
        size = math.hypot(*one.values()) * math.hypot(*other.values())
        report = {"words": [len(one), len(other)], "cosine": dot / size if size else math.nan}
        out = Path("/tmp/likeness.json")
        out.write_text(json.dumps(report, indent=2))
        return out
