"""One picture fading into the next, as an animation."""

import hashlib

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        images: list[Path] = Input(description="Two pictures or more, in order."),
        frames: int = Input(description="From one to the next.", default=3, ge=1, le=8),
    ) -> Path:
        if len(images) < 2:
            raise ValueError("images must be two at least")
        loaded: dict[str, Image.Image] = {}
        try:
            for image in images:
                name = hashlib.md5(image.read_bytes()).hexdigest()
                loaded[name] = Image.open(image).convert("RGB").resize((48, 48))
        except OSError:
            raise ValueError("one of the images is not a picture") from None
        pictures = list(loaded.values())
        shown = []
        for n, _, after in zip(range(len(images) - 1), images[1:], pictures[1:], strict=True):
            for frame in range(frames):
                shown.append(Image.blend(pictures[n], after, frame / frames))
        shown.append(pictures[-1])
        shown[0].save("/tmp/fade.gif", save_all=True, append_images=shown[1:])
        return Path("/tmp/fade.gif")
