"""Lays pictures out in a grid."""

import math
import re

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LIMIT = 16


def picture(path: Path, number: int) -> Image.Image:
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 2000:
                raise ValueError("too large")
            opened.draft("RGB", (1024, 1024))
            upright = ImageOps.exif_transpose(opened)
            if upright.mode[0] in "IF":
                raise ValueError("not 8 bits")
            return upright.convert("RGBA")
    except Exception as error:
        reason = "is no picture of 8 bits per channel and up to 2000 x 2000 pixels"
        raise ValueError(f"images: number {number} {reason}") from error


class Predictor(BasePredictor):
    def predict(
        self,
        images: list[Path] = Input(
            description="1 to 16 pictures, left to right and top to bottom. 8 bits per channel, "
            "at most 2000 x 2000 pixels each."
        ),
        columns: int | None = Input(
            description="Pictures per row. Blank: as square a grid as can be. "
            "A grid is never wider than the number of pictures.",
            default=None,
            ge=1,
            le=LIMIT,
        ),
        size: int = Input(description="Side of a cell (pixels)", default=160, ge=16, le=512),
        gap: int = Input(description="Space around the cells (pixels)", default=8, ge=0, le=64),
        fit: str = Input(
            description="contain: the whole picture, with margins. cover: fill the cell, crop.",
            default="contain",
            choices=["contain", "cover"],
        ),
        background: str = Input(description="Hex colour, #rgb or #rrggbb", default="#ffffff"),
    ) -> Path:
        if not 1 <= len(images) <= LIMIT:
            raise ValueError(f"images: between 1 and {LIMIT}, please")
        if not re.fullmatch("#([0-9a-fA-F]{3}){1,2}", background):
            raise ValueError("background: not a hex colour like #fff or #ffffff")
        across = min(columns or math.ceil(math.sqrt(len(images))), len(images))
        down = math.ceil(len(images) / across)
        step = size + gap
        sheet = Image.new("RGBA", (across * step + gap, down * step + gap), background)
        for index, path in enumerate(images):
            original = picture(path, index + 1)
            if fit == "cover":
                cell = ImageOps.fit(original, (size, size))
            else:
                factor = size / max(original.size)
                cell = original.resize([max(1, round(side * factor)) for side in original.size])
            left = gap + index % across * step + (size - cell.width) // 2
            top = gap + index // across * step + (size - cell.height) // 2
            sheet.alpha_composite(cell, (left, top))
        out = Path("/tmp/collage.jpg")
        sheet.convert("RGB").save(out, quality=92)
        return out
