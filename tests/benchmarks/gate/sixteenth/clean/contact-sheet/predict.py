"""Shows the frames of an animation side by side."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image

MAX_PIXELS = 2048


class Predictor(BasePredictor):
    def predict(
        self,
        clip: Path = Input(
            description="A GIF or PNG, moving or not, of 8 bits per channel and at most 2048x2048 "
            "pixels."
        ),
        frames: int = Input(
            description="How many frames to show: the first ones, or all if there are fewer.",
            default=6,
            ge=1,
            le=12,
        ),
        columns: int = Input(description="How many in a row at most.", default=3, ge=1, le=12),
        cell: int = Input(description="Sides of a frame on the sheet.", default=64, ge=16, le=256),
    ) -> Path:
        """A PNG of all cells, gray where nothing is. Frames keep their shape, small ones grow.

        Transparent parts are gray as well. A clip that breaks off early is shown up to there.
        """
        shown = read(clip, frames)
        columns = min(columns, len(shown))
        rows = -(-len(shown) // columns)
        sheet = Image.new("RGB", (columns * cell, rows * cell), "gray")
        for number, frame in enumerate(shown):
            row, column = divmod(number, columns)
            small = fit(frame, cell)
            left = column * cell + (cell - small.width) // 2
            sheet.paste(small, (left, row * cell + (cell - small.height) // 2))
        file = Path(tempfile.mkdtemp()) / "sheet.png"
        sheet.save(file)
        return file


def fit(frame: Image.Image, cell: int) -> Image.Image:
    scale = cell / max(frame.size)
    width, height = (max(1, round(side * scale)) for side in frame.size)
    return frame.resize((width, height))


def read(path: Path, wanted: int) -> list[Image.Image]:
    shown: list[Image.Image] = []
    try:
        with Image.open(path, formats=["GIF", "PNG"]) as clip:
            if max(clip.size) > MAX_PIXELS or clip.mode.startswith(("I", "F")):
                raise ValueError("outside the limits")
            for number in range(wanted):
                clip.seek(number)
                layer = clip.convert("RGBA")
                shown.append(Image.alpha_composite(Image.new("RGBA", layer.size, "gray"), layer))
    except Exception as error:
        if not shown:
            raise ValueError(
                "clip cannot be read as a GIF or PNG of 8 bits per channel and at most 2048x2048"
            ) from error
    return [frame.convert("RGB") for frame in shown]
