"""Cuts a picture into tiles and packs them into a ZIP file."""

import tempfile
import zipfile
from pathlib import Path as LocalPath

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LARGEST_SIDE, MOST = 1024, 256


def read(path: Path) -> Image.Image:
    """Open a picture the right way up."""
    try:
        picture = Image.open(path)
        if picture.mode[0] in "IF":
            raise TypeError(picture.mode)
        if max(picture.size) > LARGEST_SIDE:
            raise OverflowError
        return ImageOps.exif_transpose(picture).convert("RGBA")
    except OverflowError:
        raise ValueError(f"image: at most {LARGEST_SIDE} pixels a side") from None
    except Exception as error:
        raise ValueError("image: this file cannot be read as a picture") from error


def boxes(width: int, height: int, tile: int) -> list[tuple[int, int, int, int]]:
    """From left to right, then down; the last ones may be smaller."""
    return [
        (x, y, min(x + tile, width), min(y + tile, height))
        for y in range(0, height, tile)
        for x in range(0, width, tile)
    ]


class Predictor(BasePredictor):
    """Works in a folder that goes when it is done."""

    def predict(
        self,
        image: Path = Input(
            description="A picture of 8 bits a channel, at most 1024 pixels a side."
        ),
        tile: int = Input(
            description="Side of a tile in pixels. What needs more than 256 tiles is refused.",
            default=128,
            ge=16,
            le=512,
        ),
        skip_empty: bool = Input(
            description="Leave out tiles that are wholly transparent.", default=False
        ),
        prefix: str = Input(
            description="Begins the names of the tiles.", default="tile", regex=r"^[a-z0-9]{1,20}$"
        ),
    ) -> Path:
        """A ZIP file of PNG pictures, named by number, which may be empty."""
        picture = read(image)
        parts = boxes(*picture.size, tile)
        if len(parts) > MOST:
            raise ValueError(f"tile: more than {MOST} tiles")
        with tempfile.TemporaryDirectory() as scratch:
            for number, box in enumerate(parts):
                part = picture.crop(box)
                if skip_empty and part.getchannel("A").getextrema()[1] == 0:
                    continue
                part.save(LocalPath(scratch) / f"{prefix.strip()}-{number:03d}.png")
            with (
                tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file,
                zipfile.ZipFile(file, "w") as packed,
            ):
                for path in sorted(LocalPath(scratch).iterdir()):
                    packed.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
        return Path(file.name)
