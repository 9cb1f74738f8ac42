"""Tells the typical delivery time of a list of orders."""

import statistics

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        values: list[int] = Input(
            description="Delivery times in whole days, at least one.", default=[2, 3, 3, 5, 9]
        ),
        kind: str = Input(
            description="Which typical value.", default="median", choices=["median", "most common"]
        ),
    ) -> int:
        """Return the typical number of days."""
        if not values:
            raise ValueError("Give at least one delivery time.")
        if any(abs(value) > 10_000 for value in values):
            raise ValueError("A delivery time is at most 10000 days.")
        if kind == "median":
            return statistics.median(values)
        return statistics.mode(values)
