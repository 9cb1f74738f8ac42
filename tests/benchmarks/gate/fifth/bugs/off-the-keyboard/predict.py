"""A scale, note by note, in Hertz."""

from cog import BasePredictor, Input

SCALES = {"major": [0, 2, 4, 5, 7, 9, 11, 12], "minor": [0, 2, 3, 5, 7, 8, 10, 12]}
KEYS = [440 * 2 ** ((key - 69) / 12) for key in range(128)]


class Predictor(BasePredictor):
    def predict(
        self,
        root: int = Input(description="Lowest note; 60 is C4.", default=60, ge=0, le=127),
        scale: str = Input(description="Which.", default="major", choices=list(SCALES)),
        tuning: float = Input(description="Hertz of A4.", default=440, ge=400, le=480),
    ) -> list[float]:
        return [round(KEYS[root + step] * tuning / 440, 2) for step in SCALES[scale]]
