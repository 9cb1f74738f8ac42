"""Finds the lines of text in a scan, as the first step of reading it."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps


class Line(BaseModel):
    """Its first row, the row after its last, and the part of its pixels that are ink."""

    top: int
    bottom: int
    ink: float


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
    """Rows that hold ink, joined to lines."""

    def predict(
        self,
        image: Path = Input(description="Scan with dark text on light paper."),
        darkness: int = Input(
            description="A pixel below this brightness is ink.", default=128, ge=1, le=255
        ),
        least: int = Input(description="Rows a line has at least.", default=1, ge=1, le=50),
    ) -> list[Line]:
        """Every line from top to bottom; none if the paper is empty."""
        ink = np.asarray(opened(image).convert("L")) < darkness
        lines, top = [], None
        for row, has_ink in enumerate(ink.any(axis=1)):
            if has_ink and top is None:
                top = row
            elif not has_ink and top is not None:
                if row - top >= least:
                    part = float(ink[top:row].mean())
                    lines.append(Line(top=top, bottom=row, ink=round(part, 4)))
                top = None
        return lines
