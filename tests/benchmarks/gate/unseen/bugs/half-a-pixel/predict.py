"""Makes a picture larger, in three bands."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture to enlarge."),
        scale: float = Input(description="Times larger.", default=2, ge=1, le=4),
        face_enhance: bool = Input(description="Sharpen faces.", default=False),
    ) -> Path:
        try:
            picture = Image.open(str(image)).convert("RGB")
        except (OSError, ValueError) as exc:
            raise ValueError("image cannot be read as a picture") from exc
        picture.thumbnail((96, 96))
        canvas = np.zeros((int(picture.height * scale), int(picture.width * scale), 3), np.uint8)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        canvas[:] = np.asarray(picture.resize(size))
        if face_enhance:
            canvas = 255 - (255 - canvas) // 2 * 2
        Image.fromarray(canvas).save("/tmp/half-a-pixel.png")
        return Path("/tmp/half-a-pixel.png")
