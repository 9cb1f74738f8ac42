"""Reads prices from labels."""

import re

from cog import BaseModel, BasePredictor, Input

PRICE = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{2}))?(?:\s?(?:coins|c))?", re.ASCII | re.IGNORECASE)


class Prices(BaseModel):
    cents: list[int]
    unreadable: list[int]


class Predictor(BasePredictor):
    def predict(
        self,
        labels: list[str] = Input(
            description="Up to 200 labels such as `3`, `3.50`, `3,50` or `3.50 coins`. Those that "
            "cannot be read fail nothing: they count as 0 and are listed by their places.",
            default=["3", "4,20", "7.50 coins", "sold out"],
        ),
    ) -> Prices:
        """A price in cents for every label, in order, and the places, from 0, of the unreadable."""
        if len(labels) > 200:
            raise ValueError("labels: more than 200")
        cents, unreadable = [], []
        for place, label in enumerate(labels):
            try:
                whole, part = PRICE.fullmatch(label.strip()).groups()
                cents.append(int(whole) * 100 + int(part or 0))
            except AttributeError:  # no match
                cents.append(0)
                unreadable.append(place)
        return Prices(cents=cents, unreadable=unreadable)
