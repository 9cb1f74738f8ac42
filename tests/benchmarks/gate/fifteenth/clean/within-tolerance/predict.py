"""Find how far a spring that stiffens gives way."""

import random

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """The way in centimetres, and how many splits it took."""

    way: float
    splits: int


class Predictor(BasePredictor):
    """A search by splitting the range at points left to chance."""

    def setup(self) -> None:
        """Take chance from the system; no seed can be set."""
        self.chance = random.SystemRandom()

    def predict(
        self,
        force: float = Input(
            description="Newtons; negative ones pull", default=12.0, ge=-100000, le=100000
        ),
        linear: float = Input(
            description="Newtons for each centimetre", default=2.0, ge=0, le=1000
        ),
        cubic: float = Input(
            description="Newtons for each cubed centimetre", default=0.5, ge=0.01, le=1000
        ),
        tolerance: float = Input(
            description="The way is right to so many centimetres; digits below differ from run to "
            "run, and so do the splits",
            default=0.001,
            ge=1e-6,
            le=1,
        ),
    ) -> Output:
        """Solve cubic * way**3 + linear * way = force, within the tolerance."""
        reach = (abs(force) / cubic) ** (1 / 3) + 1
        low, high, splits = -reach, reach, 0
        while high - low > tolerance:
            middle = low + (high - low) * self.chance.uniform(0.3, 0.7)
            if cubic * middle**3 + linear * middle < force:
                low = middle
            else:
                high = middle
            splits += 1
        return Output(way=(low + high) / 2, splits=splits)
