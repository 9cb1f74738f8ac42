"""A deck of paints, in the order wanted."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.paints = ["umber", "ochre", "cobalt", "viridian", "carmine", "ivory"]

    def predict(
        self,
        order: str = Input(
            description="Order of the names.", default="studio", choices=["studio", "by name"]
        ),
        first: int = Input(description="How many of them.", default=3, ge=1, le=6),
    ) -> list[str]:
        paints = self.paints
        if order == "by name":
            paints.sort()
        return paints[:first]
