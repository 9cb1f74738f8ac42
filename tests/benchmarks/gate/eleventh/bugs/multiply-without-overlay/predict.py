"""Lays one picture over another."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageChops, ImageOps

LARGEST_SIDE = 2048


def read(path: Path, name: str) -> Image.Image:
    """Open a picture the right way up."""
    try:
        picture = Image.open(path)
        if picture.mode[0] in "IF":
            raise TypeError(picture.mode)
        picture = ImageOps.exif_transpose(picture).convert("RGBA").convert("RGB")
    except Exception as error:
        raise ValueError(f"{name}: this file cannot be read as a picture") from error
    if max(picture.size) > LARGEST_SIDE:
        raise ValueError(f"{name}: at most {LARGEST_SIDE} pixels a side")
    return picture


def cover(ground: Image.Image, layer: Image.Image | None, tint: str) -> Image.Image:
    """The layer hides the ground."""
    return layer or Image.new("RGB", ground.size, tint)


def multiply(ground: Image.Image, layer: Image.Image | None, tint: str) -> Image.Image:
    """Dark places of either stay dark."""
    return ImageChops.multiply(ground, layer)


def screen(ground: Image.Image, layer: Image.Image | None, tint: str) -> Image.Image:
    """Light places of either stay light."""
    return ImageChops.screen(ground, layer or Image.new("RGB", ground.size, tint))


MODES = {"cover": cover, "multiply": multiply, "screen": screen}


class Predictor(BasePredictor):
    """Mixes two pictures."""

    def predict(
        self,
        base: Path = Input(
            description="The picture below, of 8 bits a channel and at most 2048 pixels a side."
        ),
        overlay: Path | None = Input(
            description="The picture above; left out, it is a plain tint.", default=None
        ),
        tint: str = Input(
            description="Colour in the place of a missing overlay, #rrggbb.",
            default="#ffcc00",
            regex=r"^#[0-9a-fA-F]{6}$",
        ),
        mode: str = Input(description="How they mix.", default="cover", choices=list(MODES)),
        strength: float = Input(description="How much the overlay shows.", default=0.5, ge=0, le=1),
    ) -> Path:
        """The mixed picture as PNG, as large as the base."""
        ground = read(base, "base")
        layer = read(overlay, "overlay").resize(ground.size) if overlay else None
        mixed = Image.blend(ground, MODES[mode](ground, layer, tint[:7]), strength)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            mixed.save(file, "PNG")
        return Path(file.name)
