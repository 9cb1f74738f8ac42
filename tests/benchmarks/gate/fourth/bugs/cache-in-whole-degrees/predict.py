"""What the weather feels like, from a table that is filled in on the way."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.known: dict[tuple[int, int], float] = {}

    def predict(
        self,
        temperature: float = Input(description="Celsius.", default=20.0, ge=-50, le=50),
        wind: float = Input(description="Kilometres per hour.", default=10.0, ge=0, le=200),
    ) -> float:
        key = (round(temperature), round(wind))
        if key not in self.known:
            gust = wind**0.16
            felt = 13.12 + 0.6215 * temperature - 11.37 * gust + 0.3965 * temperature * gust
            self.known[key] = round(felt, 3)
        return self.known[key]
