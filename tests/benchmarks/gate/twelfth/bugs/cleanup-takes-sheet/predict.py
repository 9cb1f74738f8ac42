"""Contact sheets: cuts a picture into tiles and lays them out with gaps."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def read_picture(path: Path | None) -> Image.Image:
    """The caller's picture, or ours."""
    if path is None:
        return Image.radial_gradient("L").convert("RGB")
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 2000 or opened.mode[0] in "IF":
                raise ValueError
            return ImageOps.exif_transpose(opened).convert("RGB")
    except Exception as error:
        raise ValueError("not a picture of 8 bits and up to 2000 pixels a side") from error


class Predictor(BasePredictor):
    def predict(
        self,
        picture: Path | None = Input(
            description="Picture of 8 bits a channel, up to 2000 pixels a side; ours without one.",
            default=None,
        ),
        columns: int = Input(description="Tiles beside each other.", default=3, ge=1, le=8),
        rows: int = Input(description="Tiles above each other.", default=2, ge=1, le=8),
        gap: int = Input(description="Pixels between tiles.", default=4, ge=0, le=40),
        format: str = Input(
            description="Of the sheet; tiles are always PNG.",
            default="jpg",
            choices=["jpg", "png", "webp"],
        ),
        keep_tiles: bool = Input(description="Return the tiles, too.", default=False),
    ) -> list[Path]:
        """Return the sheet and, if asked for, the tiles after it."""
        image = read_picture(picture)
        width, height = image.width // columns, image.height // rows
        if not width or not height:
            raise ValueError("the picture has fewer pixels than there are tiles")
        folder = Path(tempfile.mkdtemp())
        size = (columns * (width + gap) - gap, rows * (height + gap) - gap)
        sheet = Image.new("RGB", size, "white")
        tiles = []
        for place in range(columns * rows):
            row, column = divmod(place, columns)
            left, top = column * width, row * height
            tile = image.crop((left, top, left + width, top + height))
            tile.save(folder / f"tile-{place:02}.png")
            sheet.paste(tile, (left + column * gap, top + row * gap))
            tiles.append(folder / f"tile-{place:02}.png")
        sheet.save(folder / f"sheet.{format}")
        if not keep_tiles:
            for leftover in folder.glob("*.png"):
                leftover.unlink()
            tiles = []
        return [folder / f"sheet.{format}", *tiles]
