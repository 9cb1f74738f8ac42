"""Draw a chessboard for calibrating a camera."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

SUFFIXES = {"png": ".png", "bmp": ".bmp", "tiff": ".tif", "webp": ".webp"}


class Predictor(BasePredictor):
    """A board with squares of one size."""

    def setup(self) -> None:
        """Make the folder for the board."""
        self.folder = tempfile.mkdtemp()

    def predict(
        self,
        columns: int = Input(description="Squares in a row", default=8, ge=2, le=20),
        rows: int = Input(description="Squares in a column", default=6, ge=2, le=20),
        square: int = Input(description="Width of a square in points", default=16, ge=4, le=50),
        margin: int = Input(description="White border in points", default=8, ge=0, le=100),
        format: str = Input(
            description="Kind of file", default="png", choices=["png", "bmp", "tiff", "webp"]
        ),
    ) -> Path:
        """Write the board as a picture."""
        size = (columns * square + 2 * margin, rows * square + 2 * margin)
        board = Image.new("L", size, 255)
        pen = ImageDraw.Draw(board)
        for row in range(rows):
            for column in range(columns):
                if (row + column) % 2 == 0:
                    x, y = margin + column * square, margin + row * square
                    pen.rectangle((x, y, x + square - 1, y + square - 1), fill=0)
        if format == "webp":
            board = board.convert("RGB")
        board.save(f"{self.folder}/board{SUFFIXES[format]}", format=format.upper())
        return Path(self.folder) / f"board.{format}"
