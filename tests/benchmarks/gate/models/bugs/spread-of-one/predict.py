"""Mean and spread of a list."""

import statistics

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self, values: list[float] = Input(description="Numbers.", default=[1.0, 2.0, 3.0])
    ) -> list[float]:
        if not values:
            raise ValueError("values must not be empty")
        return [round(statistics.mean(values), 6), round(statistics.stdev(values), 6)]
