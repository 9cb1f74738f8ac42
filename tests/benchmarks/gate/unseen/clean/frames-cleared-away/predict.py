"""Makes a short animation in a folder that is removed again."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        frames: int = Input(description="How many pictures.", default=6, ge=2, le=24),
        size: int = Input(description="Pixels.", default=48, choices=[32, 48, 64]),
        hue: int = Input(description="Colour.", default=120, ge=0, le=255),
    ) -> Path:
        with tempfile.TemporaryDirectory() as folder:
            names = [f"{folder}/{n:04}.png" for n in range(frames)]
            for n, name in enumerate(names):
                picture = Image.new("HSV", (size, size), (hue, 255, 40 + n * 8))
                picture.convert("RGB").save(name)
            pictures = [Image.open(name).convert("RGB") for name in names]
        pictures[0].save("/tmp/animation-cleared.gif", save_all=True, append_images=pictures[1:])
        return Path("/tmp/animation-cleared.gif")
