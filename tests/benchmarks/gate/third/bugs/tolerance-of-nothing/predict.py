"""Solves for the exposure of a picture, step by step."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        target: float = Input(description="Mean brightness wanted.", default=0.4, ge=0, le=1),
        method: str = Input(description="How.", default="fixed", choices=["fixed", "adaptive"]),
        tolerance: float = Input(description="How near.", default=0.01, ge=0, le=0.5),
    ) -> float:
        exposure = 1.0
        if method == "fixed":
            for _ in range(50):
                exposure -= 0.5 * (exposure - target)
            return round(exposure, 6)
        error = 1.0
        while error > tolerance:
            error = max(error / 2, 1e-9)
            exposure -= 0.5 * (exposure - target)
        return round(exposure, 6)
