"""Cuts bright or dark things out of a picture."""

import tempfile

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

WORKING_SIDE = 256


class Output(BaseModel):
    """The mask, white where the thing is, and how many of its pixels are white."""

    mask: Path
    area: int


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
    """Thresholds brightness at a working size, which keeps large scans quick."""

    def predict(
        self,
        image: Path = Input(description="Picture; transparent parts count as white."),
        threshold: int = Input(description="Brightness to part at.", default=128, ge=1, le=255),
        find: str = Input(
            description="Which side is the thing.", default="bright", choices=["bright", "dark"]
        ),
    ) -> Output:
        """A mask of the picture's size."""
        grey = opened(image).convert("L")
        small = grey.copy()
        small.thumbnail((WORKING_SIDE, WORKING_SIDE))
        bright = np.asarray(small) >= threshold
        found = bright if find == "bright" else ~bright
        mask = Image.fromarray(found.astype(np.uint8) * 255)
        out = Path(tempfile.mkdtemp()) / "mask.png"
        mask.resize(grey.size, Image.Resampling.NEAREST).save(out)
        return Output(mask=out, area=int(found.sum()))
