"""Masks everything of one colour."""

import tempfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

CHANNELS = {"red": 0, "green": 1, "blue": 2}
BAND = 256


class Masked(BaseModel):
    """A mask of the picture's size, white where the colour is; the box is empty if it is nowhere.

    The box is left, top, right, bottom; right and bottom are the first without the colour.
    """

    mask: Path
    area: int
    box: list[int]


def opened(path):
    """The picture, upright and over white."""
    try:
        with Image.open(path) as file:
            if max(file.size) > 4096 or file.mode[0] in "IF":
                raise ValueError("size or depth")
            upright = ImageOps.exif_transpose(file).convert("RGBA")
    except Exception as error:
        raise ValueError("image: 8 bits per channel, at most 4096 pixels a side") from error
    page = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(page, upright).convert("RGB")


class Predictor(BasePredictor):
    """Works on bands of the picture side by side."""

    pool = None

    def found(self, pixels, channel, lead):
        """Where a channel is ahead of both others; four threads start with the first picture."""
        if self.pool is None:
            self.pool = ThreadPoolExecutor(4)

        def band(start):
            part = pixels[start : start + BAND].astype(np.int16)
            others = np.delete(part, channel, axis=2).max(axis=2)
            return part[..., channel] - others >= lead

        return np.concatenate(list(self.pool.map(band, range(0, len(pixels), BAND))))

    def predict(
        self,
        image: Path = Input(description="Picture; transparent parts count as white."),
        colour: str = Input(description="What to mask.", default="red", choices=list(CHANNELS)),
        lead: int = Input(
            description="How far its channel must be ahead of both others.",
            default=60,
            ge=1,
            le=255,
        ),
    ) -> Masked:
        """The mask; all black for a picture without the colour, such as any grey one."""
        mask = self.found(np.asarray(opened(image)), CHANNELS[colour], lead)
        picture = Image.fromarray(mask.astype(np.uint8) * 255)
        out = Path(tempfile.mkdtemp()) / "mask.png"
        picture.save(out)
        return Masked(mask=out, area=int(mask.sum()), box=list(picture.getbbox() or []))
