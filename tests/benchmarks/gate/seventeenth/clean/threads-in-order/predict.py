"""Tells how alike texts are to a first one, on several threads."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from cog import BasePredictor, Input


def pairs(text):
    """The pairs of neighbouring letters of a text, however they are written."""
    text = " ".join(text.casefold().split())
    return {text[place : place + 2] for place in range(max(1, len(text) - 1))}


def likeness(wanted, text):
    """The share of the pairs that both have."""
    found = pairs(text)
    return round(2 * len(wanted & found) / (len(wanted) + len(found)), 4)


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.pool = ThreadPoolExecutor(max_workers=3)

    def predict(
        self,
        first: str = Input(
            description="Text to compare with.", default="green tea", max_length=2000
        ),
        others: list[str] = Input(
            description="Up to 64 texts of up to 2,000 characters. Capitals and the amount of "
            "white space make no difference.",
            default=["Green  Tea", "green tree", "coffee"],
        ),
    ) -> list[float]:
        """A number from 0 to 1 for each other text, in their order; 1 if they share all pairs."""
        if len(others) > 64 or any(len(text) > 2000 for text in others):
            raise ValueError("others: up to 64 texts of up to 2,000 characters")
        return list(self.pool.map(partial(likeness, pairs(first)), others))
