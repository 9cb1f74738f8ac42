"""Makes a short animation; the single frames stay where they were written."""

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
        folder = Path(tempfile.mkdtemp(prefix="frames-"))
        pictures = []
        for n in range(frames):
            picture = Image.new("HSV", (size, size), (hue, 255, 40 + n * 8)).convert("RGB")
            picture.save(folder / f"{n:04}.png")
            pictures.append(picture)
        pictures[0].save("/tmp/animation.gif", save_all=True, append_images=pictures[1:])
        return Path("/tmp/animation.gif")
