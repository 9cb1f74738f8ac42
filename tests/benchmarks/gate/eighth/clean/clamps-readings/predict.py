"""Smooths the readings of a sensor."""

import math

from cog import BaseModel, BasePredictor, Input

LOW, HIGH = -50.0, 150.0


class Smoothed(BaseModel):
    readings: list[float]
    clamped: int


class Predictor(BasePredictor):
    def predict(
        self,
        readings: list[float] = Input(
            description=(
                "Any numbers, 2000 at most. What is outside -50 to 150 is taken as the nearer end."
            ),
            default=[20.0, 20.5, 300.0, 21.0],
        ),
        weight: float = Input(
            description="Of the newest reading. 0 stays at the first, 1 smooths nothing.",
            default=0.5,
            ge=0,
            le=1,
        ),
    ) -> Smoothed:
        """Return smoothed readings, all from -50 to 150, and how many were outside."""
        if len(readings) > 2000 or any(
            math.isnan(reading) for reading in readings if isinstance(reading, float)
        ):
            raise ValueError("Give up to 2000 readings that are numbers.")
        inside = [float(min(max(reading, LOW), HIGH)) for reading in readings]
        smoothed = inside[:1]
        for reading in inside[1:]:
            mixed = smoothed[-1] * (1 - weight) + reading * weight
            smoothed.append(min(max(mixed, LOW), HIGH))
        outside = sum(not LOW <= reading <= HIGH for reading in readings)
        return Smoothed(readings=smoothed, clamped=outside)
