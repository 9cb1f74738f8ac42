"""Count the ways to pay a sum."""

import time

from cog import BasePredictor, Input

COINS = {"small": [1, 2, 5, 10], "large": [10, 20, 50, 100, 200], "all": [1, 2, 5, 10, 20, 50, 100]}


class Predictor(BasePredictor):
    """Ways to pay, from a table."""

    def setup(self) -> None:
        """Leave the table for the first prediction, so that the start is quick."""
        self.ways: dict[str, list[int]] = {}

    def fill(self) -> None:
        """Fill the table for each set of coins, once."""
        for name, coins in COINS.items():
            ways = [1] + [0] * 5000
            for coin in coins:
                for amount in range(coin, 5001):
                    ways[amount] += ways[amount - coin]
            self.ways[name] = ways
        time.sleep(0.4)  # stands for reading a large file

    def predict(
        self,
        amount: int = Input(description="The sum in cents", default=20, ge=0, le=5000),
        coins: str = Input(
            description="Which coins", default="all", choices=["small", "large", "all"]
        ),
    ) -> str:
        """Give the number of ways as digits; the first prediction takes half a second longer."""
        if not self.ways:
            self.fill()
        return str(self.ways[coins][amount])
