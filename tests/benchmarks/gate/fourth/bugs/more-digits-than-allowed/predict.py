"""Ways to arrange things in a row."""

import math

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self, things: int = Input(description="How many things.", default=10, ge=0, le=3000)
    ) -> str:
        return str(math.factorial(things))
