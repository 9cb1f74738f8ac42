"""A chessboard, whose sides are rounded up to a multiple of 8."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        width: int = Input(
            description="Pixels across, rounded up to a multiple of 8.", default=64, ge=8, le=512
        ),
        height: int = Input(
            description="Pixels down, rounded up to a multiple of 8.", default=64, ge=8, le=512
        ),
        square: int = Input(description="Pixels of a square's side.", default=8, ge=1, le=64),
    ) -> Path:
        wide, high = (width + 7) // 8 * 8, (height + 7) // 8 * 8
        down, right = np.indices((high, wide)) // square
        Image.fromarray(((down + right) % 2 * 255).astype(np.uint8)).save("/tmp/board.png")
        return Path("/tmp/board.png")
