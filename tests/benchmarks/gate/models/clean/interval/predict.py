"""How far apart two numbers are, and refuses them the wrong way round."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.known: dict[tuple[float, float], float] = {}

    def predict(
        self,
        start: float = Input(description="From here.", default=0, ge=-1000, le=1000),
        end: float = Input(description="To there.", default=10, ge=-1000, le=1000),
    ) -> float:
        if start > end:
            raise ValueError("start must not be above end")
        if (start, end) not in self.known:
            self.known[start, end] = end - start
        return self.known[start, end]
