"""How much of a picture has changed."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image


class Change(BaseModel):
    changed: float
    largest: int


def opened(name: str, file: Path) -> np.ndarray:
    """The picture in grey."""
    try:
        return np.asarray(Image.open(file).convert("L"), dtype=np.int16)
    except OSError:
        raise ValueError(f"{name} cannot be read as a picture") from None


class Predictor(BasePredictor):
    def predict(
        self,
        before: Path = Input(description="The picture as it was."),
        after: Path = Input(description="The picture as it is."),
        tolerance: int = Input(description="Difference not to count.", default=8, ge=0, le=255),
    ) -> Change:
        apart = np.abs(opened("before", before) - opened("after", after))
        return Change(
            changed=float((apart > tolerance).mean()),
            largest=int(apart.max()),
        )
