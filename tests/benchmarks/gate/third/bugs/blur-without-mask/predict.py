"""Darkens a picture, all of it or under a mask."""

from cog import BasePredictor, Input, Path
from PIL import Image, ImageFilter


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="The picture."),
        mask: Path | None = Input(description="Where it is white.", default=None),
        mask_blur: int = Input(description="Softens the mask's edge.", default=0, ge=0, le=64),
    ) -> Path:
        picture = Image.open(image).convert("RGB")
        area = Image.open(mask).convert("L").resize(picture.size) if mask else None
        if mask_blur:
            area = area.filter(ImageFilter.BoxBlur(mask_blur))
        dark = picture.point(lambda value: value // 2)
        out = Image.composite(dark, picture, area) if area else dark
        out.save("/tmp/dark.png")
        return Path("/tmp/dark.png")
