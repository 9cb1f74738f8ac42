"""Paints a map of depth in colours."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def setup(self) -> None:
        steps = np.arange(256)
        self._colours = np.stack([steps, 255 - steps, steps // 2], axis=-1).astype(np.uint8)

    def predict(
        self,
        depth: Path = Input(description="A grey picture: the lighter, the nearer."),
        invert: bool = Input(description="The lighter, the farther.", default=False),
    ) -> Path:
        picture = Image.open(depth)
        if not picture.mode.startswith(("L", "I")) or picture.mode == "LA":
            picture = picture.convert("L")
        colours = self._colours[::-1] if invert else self._colours
        Image.fromarray(colours[np.asarray(picture)]).save("/tmp/depth.png")
        return Path("/tmp/depth.png")
