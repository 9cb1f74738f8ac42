"""How sharp a picture is, and how much there is to see in it."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image


class Detail(BaseModel):
    sharpness: float
    detail: float


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.pyramids: list[np.ndarray] = []

    def predict(
        self,
        image: Path = Input(description="A picture."),
        scale: int = Input(description="How fine to look.", default=2, ge=1, le=4),
    ) -> Detail:
        try:
            picture = Image.open(image).convert("L").resize((256 * scale, 256 * scale))
        except OSError:
            raise ValueError("image cannot be read as a picture") from None
        grid = np.asarray(picture, dtype=np.float64)
        down, right = np.gradient(grid)
        slope = np.hypot(down, right)
        self.pyramids.append(slope)
        return Detail(sharpness=round(float(slope.max()), 3), detail=round(float(slope.mean()), 3))
