"""Saves a picture in a format and a quality."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What to draw.", default="dusk"),
        aspect_ratio: str = Input(
            description="Of the picture.", default="1:1", choices=["1:1", "16:9", "9:16"]
        ),
        output_format: str = Input(
            description="Of the file.", default="webp", choices=["webp", "jpg", "png"]
        ),
        output_quality: int = Input(description="100 is best.", default=80, ge=0, le=100),
    ) -> Path:
        across, down = (int(part) for part in aspect_ratio.split(":"))
        picture = Image.new("RGB", (8 * across, 8 * down), (len(prompt) % 256, 40, 90))
        path = f"/tmp/png-at-its-best.{output_format}"
        if output_format == "png":
            picture.save(path, compress_level=output_quality // 10)
        else:
            picture.save(path, quality=output_quality)
        return Path(path)
