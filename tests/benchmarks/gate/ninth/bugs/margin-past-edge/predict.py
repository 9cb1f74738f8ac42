"""Finds bright things in a dark picture."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps


class Output(BaseModel):
    """Boxes as left, top, right, bottom, all within the picture; the largest thing first."""

    width: int
    height: int
    boxes: list[list[int]]


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


def things(mask):
    """The cells of each connected area."""
    left = set(zip(*(axis.tolist() for axis in np.nonzero(mask)), strict=True))
    while left:
        stack, area = [min(left)], []
        left.remove(stack[0])
        while stack:
            y, x = stack.pop()
            area.append((y, x))
            beside = {(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)} & left
            left -= beside
            stack.extend(sorted(beside))
        yield area


class Predictor(BasePredictor):
    """Looks at a reduced picture of 32 cells a side at most."""

    def predict(
        self,
        image: Path = Input(description="Picture; transparent parts count as white."),
        threshold: int = Input(description="Least brightness.", default=200, ge=1, le=255),
        margin: int = Input(description="Pixels around each thing.", default=4, ge=0, le=64),
    ) -> Output:
        """The box of every bright thing."""
        grey = opened(image).convert("L")
        small = grey.copy()
        small.thumbnail((32, 32))
        across, down = grey.width / small.width, grey.height / small.height
        boxes = []
        for area in sorted(things(np.asarray(small) >= threshold), key=len, reverse=True):
            ys, xs = [y for y, _ in area], [x for _, x in area]
            left, top = int(min(xs) * across), int(min(ys) * down)
            right, bottom = round((max(xs) + 1) * across), round((max(ys) + 1) * down)
            box = [max(0, left - margin), max(0, top - margin), right + margin, bottom + margin]
            boxes.append(box)
        return Output(width=grey.width, height=grey.height, boxes=boxes)
