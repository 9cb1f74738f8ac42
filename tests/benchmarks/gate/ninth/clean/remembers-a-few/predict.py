"""Finds the colours that a picture is made of."""

import hashlib
from collections import OrderedDict

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

ROOM = 32


class Colours(BaseModel):
    """As #rrggbb, the most frequent first; fewer than asked for if the picture has no more."""

    colours: list[str]
    remembered: bool


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
    """Keeps the last 32 pictures at a working size, and says when it had one already."""

    def setup(self) -> None:
        """Begin with nothing remembered."""
        self.known = OrderedDict()

    def reduced(self, path):
        """The picture at its working size, and whether it was known."""
        key = hashlib.sha256(path.read_bytes()).hexdigest()
        known = key in self.known
        if not known:
            small = opened(path).resize((256, 256), Image.Resampling.NEAREST)
            self.known[key] = np.asarray(small, dtype=np.float32)
        self.known.move_to_end(key)
        while len(self.known) > ROOM:
            self.known.popitem(last=False)
        return self.known[key], known

    def predict(
        self,
        image: Path = Input(description="Picture; transparent parts count as white."),
        most: int = Input(description="Colours at most.", default=5, ge=1, le=64),
        step: int = Input(
            description="Colours closer than this count as one.", default=32, choices=[16, 32, 64]
        ),
    ) -> Colours:
        """Its colours, rounded down to whole steps; remembered tells a picture seen lately."""
        pixels, remembered = self.reduced(image)
        coarse = (pixels // step * step).astype(np.int64).reshape(-1, 3)
        values, counts = np.unique(coarse @ [65536, 256, 1], return_counts=True)
        order = np.argsort(-counts, kind="stable")[:most]
        colours = [f"#{value:06x}" for value in values[order].tolist()]
        return Colours(colours=colours, remembered=remembered)
