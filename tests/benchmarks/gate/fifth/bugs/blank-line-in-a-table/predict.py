"""A line through points: slope and offset."""

import csv

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        table: str = Input(description="x,y lines with a head.", default="x,y\n1,2\n2,3\n3,5"),
        decimals: int = Input(description="Digits.", default=3, ge=0, le=9),
    ) -> dict[str, float]:
        rows = list(csv.reader(table.strip().splitlines()))[1:]
        try:
            points = [(float(row[0]), float(row[1])) for row in rows]
        except ValueError:
            raise ValueError("table may hold numbers only, below its head") from None
        if len(points) < 2:
            raise ValueError("table must have two points at least")
        mean_x, mean_y = (sum(axis) / len(points) for axis in zip(*points, strict=True))
        spread = sum((x - mean_x) ** 2 for x, _ in points)
        if not 0 < spread < float("inf"):
            raise ValueError("table must have two different x, and none too large")
        slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
        if not abs(slope) < 1e300:
            raise ValueError("table has values that are too large")
        return {
            "slope": round(slope, decimals),
            "at_zero": round(mean_y - slope * mean_x, decimals),
        }
