"""Dominant colours of a picture."""

import hashlib
from collections import Counter, OrderedDict

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

KEPT = 64


class Colour(BaseModel):
    hex: str
    share: float


def read_picture(path: Path | None) -> Image.Image:
    """The caller's picture, or a flag of ours."""
    if path is None:
        flag = Image.new("RGB", (60, 40), "white")
        flag.paste((200, 30, 40), (0, 0, 25, 40))
        flag.paste((20, 60, 160), (45, 0, 60, 40))
        return flag
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > 4_000_000 or opened.mode[0] in "IF":
                raise ValueError
            return ImageOps.exif_transpose(opened).convert("RGB")
    except Exception as error:
        raise ValueError("not a picture of 8 bits and up to 4 megapixels") from error


def counted(picture: Image.Image, step: int, ignore_light: bool) -> list[tuple[str, float]]:
    """Colours in steps, the most frequent first."""
    small = picture.copy()
    small.thumbnail((96, 96), Image.Resampling.NEAREST)
    data = small.tobytes()
    pixels = [tuple(v // step * step for v in data[i : i + 3]) for i in range(0, len(data), 3)]
    if ignore_light:
        pixels = [pixel for pixel in pixels if min(pixel) < 192]
    ranked = sorted(Counter(pixels).items(), key=lambda item: (-item[1], item[0]))
    return [("#{:02x}{:02x}{:02x}".format(*c), round(n / len(pixels), 4)) for c, n in ranked]


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Begin with nothing known."""
        self.known: OrderedDict[tuple[str, int], list[tuple[str, float]]] = OrderedDict()

    def predict(
        self,
        picture: Path | None = Input(
            description="Picture of 8 bits a channel, up to 4 megapixels; ours without one.",
            default=None,
        ),
        colours: int = Input(description="At most so many.", default=3, ge=1, le=16),
        step: int = Input(description="Coarseness.", default=32, choices=[16, 32, 64]),
        ignore_light: bool = Input(
            description="Leave colours out whose channels are all 192 or more.", default=False
        ),
    ) -> list[Colour]:
        """Name the most frequent colours with their shares."""
        image = read_picture(picture)
        digest = hashlib.sha256(repr(image.size).encode() + image.tobytes()).hexdigest()
        key = (digest, step)
        if key not in self.known:
            self.known[key] = counted(image, step, ignore_light)
            if len(self.known) > KEPT:
                self.known.popitem(last=False)
        return [Colour(hex=name, share=share) for name, share in self.known[key][:colours]]
