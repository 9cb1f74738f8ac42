"""Counts the ways to pay an amount."""

from collections import OrderedDict

from cog import BasePredictor, Input

COINS = {"small": (1, 2, 5), "large": (10, 20, 50), "all": (1, 2, 5, 10, 20, 50)}


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.answers = OrderedDict()

    def count(self, amount, coins):
        """Ways to pay with these coins, in any number of each."""
        ways = [1] + [0] * amount
        for coin in COINS[coins]:
            for value in range(coin, amount + 1):
                ways[value] += ways[value - coin]
        return ways[amount]

    def predict(
        self,
        amount: int = Input(description="What is to be paid.", default=20, ge=0, le=500),
        coins: str = Input(
            description="Coins to pay with: 1, 2 and 5, or 10, 20 and 50, or all six.",
            default="all",
            choices=list(COINS),
        ),
        in_words: bool = Input(
            description="Whether the answer is a sentence; else it is the number alone.",
            default=False,
        ),
    ) -> str:
        """In how many ways that can be done, whatever the order of the coins."""
        if (amount, coins) not in self.answers:
            self.answers[amount, coins] = self.count(amount, coins)
            if len(self.answers) > 64:
                self.answers.popitem(last=False)
        ways = self.answers[amount, coins]
        if not in_words:
            return str(ways)
        return f"There {'is 1 way' if ways == 1 else f'are {ways} ways'} to pay {amount}."
