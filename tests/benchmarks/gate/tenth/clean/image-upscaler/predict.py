"""Enlarges pictures."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageFilter, ImageOps

MAX_INPUT = 1024


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.filter = ImageFilter.UnsharpMask(radius=1.5, percent=80, threshold=2)

    def load(self, path: Path) -> Image.Image:
        try:
            with Image.open(path) as opened:
                if max(opened.size) > MAX_INPUT:
                    raise ValueError(f"image is longer than {MAX_INPUT} pixels on one side")
                picture = ImageOps.exif_transpose(opened)
                if picture.mode[0] in "IF":
                    raise ValueError("image must have 8 bits per channel")
                clear = "A" in picture.mode or "transparency" in picture.info
                return picture.convert("RGBA" if clear else "RGB")
        except ValueError:
            raise
        except Exception as error:
            raise ValueError("image could not be read as a picture") from error

    def predict(
        self,
        image: Path = Input(
            description="Picture to enlarge: 8 bits per channel, at most 1024 pixels on a side."
        ),
        scale: float = Input(description="Factor to scale the picture by", default=2, ge=1, le=4),
        max_size: int = Input(
            description="Limit for the longer side of the output in pixels. The factor is lowered "
            "where the output would be larger; a picture never comes back smaller than it was.",
            default=1024,
            ge=64,
            le=2048,
        ),
        sharpen: bool = Input(description="Sharpen the edges afterwards", default=False),
    ) -> Path:
        picture = self.load(image)
        factor = max(1.0, min(scale, max_size / max(picture.size)))
        size = tuple(max(1, round(side * factor)) for side in picture.size)
        print(f"{picture.width}x{picture.height} -> {size[0]}x{size[1]}")
        large = picture.resize(size, Image.Resampling.LANCZOS)
        if sharpen:
            large = large.filter(self.filter)
        large.info = {}
        out = Path(tempfile.mkdtemp()) / "upscaled.png"
        large.save(out, compress_level=1)
        return out
