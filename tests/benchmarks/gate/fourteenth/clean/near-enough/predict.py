"""Finds roots by halving."""

from cog import BaseModel, BasePredictor, Input


class Root(BaseModel):
    """The root, no further from the true one than the tolerance, and the steps it took."""

    root: float
    steps: int


class Predictor(BasePredictor):
    """Narrows an interval down."""

    def predict(
        self,
        value: float = Input(description="What to take the root of.", default=2.0, ge=0.0, le=1e9),
        degree: int = Input(
            description="2 for square roots, 3 for cube roots ...", default=2, ge=2, le=8
        ),
        tolerance: float = Input(
            description="How far off the answer may be.", default=0.001, ge=1e-6, le=1.0
        ),
    ) -> Root:
        """A root near enough; 1.9997 for the root of 4 is right at a tolerance of 0.001."""
        low, high, steps = 0.0, max(1.0, value), 0
        while high - low > tolerance:
            middle = (low + high) / 2
            if middle**degree < value:
                low = middle
            else:
                high = middle
            steps += 1
        return Root(root=(low + high) / 2, steps=steps)
