"""Splits a bill by weights."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Shares an amount out."""

    def predict(
        self,
        amount_cents: int = Input(
            description="The amount in cents.", default=1200, ge=0, le=100_000_000
        ),
        weights: list[int] = Input(
            description="What each is to bear, relative to the others: 1 to 100 whole numbers "
            "from 0 to 1000.",
            default=[1, 1, 2],
        ),
    ) -> list[int]:
        """Whole cents for each weight, in proportion to it; together they are the amount."""
        if not 1 <= len(weights) <= 100 or not all(0 <= weight <= 1000 for weight in weights):
            raise ValueError("give 1 to 100 weights from 0 to 1000")
        total = sum(weights)
        if not total:
            raise ValueError("one weight must be above 0")
        return [round(amount_cents * weight / total) for weight in weights]
