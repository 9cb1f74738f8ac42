"""Paints over what is white in a mask, and looks at its surroundings only."""

from cog import BasePredictor, Input, Path
from PIL import Image, ImageFilter


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="The picture."),
        mask: Path = Input(description="White where to paint."),
        padding: int = Input(description="Pixels around it to look at.", default=8, ge=0, le=64),
    ) -> Path:
        try:
            picture = Image.open(image).convert("RGB")
            area = Image.open(mask).convert("L").resize(picture.size)
        except OSError:
            raise ValueError("image or mask is not a picture") from None
        area = area.point(lambda value: 255 if value > 127 else 0)
        left, top, right, bottom = area.getbbox()
        box = (
            max(0, left - padding),
            max(0, top - padding),
            min(picture.width, right + padding),
            min(picture.height, bottom + padding),
        )
        part = picture.crop(box).filter(ImageFilter.BoxBlur(6))
        picture.paste(part, box[:2], area.crop(box))
        picture.save("/tmp/inpainted.png")
        return Path("/tmp/inpainted.png")
