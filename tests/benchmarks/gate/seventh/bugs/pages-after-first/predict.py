"""Measures how much ink there is on scanned pages."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

MAX_PIXELS = 16_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}


def check(page: Image.Image) -> None:
    if page.mode not in MODES or page.width * page.height > MAX_PIXELS:
        raise ValueError("only pages of 8 bits a channel and up to 16 megapixels")


class Predictor(BasePredictor):
    def share(self, page: Image.Image, darkness: int) -> float:
        layer = page.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        grey = np.asarray(Image.alpha_composite(paper, layer).convert("L"))
        return round(float((grey < darkness).mean()), 4)

    def predict(
        self,
        scan: Path = Input(description="Scan: a picture, or a TIFF with any number of pages"),
        darkness: int = Input(
            description="Grey value below which a pixel is ink", default=128, ge=1, le=255
        ),
    ) -> list[float]:
        """Give the share of ink for every page."""
        try:
            with Image.open(scan) as page:
                check(page)
                page.load()
                shares = [self.share(page, darkness)]
        except Exception as error:
            raise ValueError("the scan needs 8 bits a channel, 16 megapixels at most") from error
        return shares
