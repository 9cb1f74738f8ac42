"""Reads a row of printed digits, as on the display of a meter."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

ROWS = [
    "111101101101111", "010110010010111", "111001111100111", "111001111001111", "101101111001001",
    "111100111001111", "111100111101111", "111001010010010", "111101111101111", "111101111001111",
]  # fmt: skip


class Digit(BaseModel):
    value: int
    confidence: float
    left: int
    top: int
    width: int
    height: int


class Output(BaseModel):
    text: str
    digits: list[Digit]


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.templates = np.array([[int(bit) for bit in row] for row in ROWS], dtype=float)

    def load(self, path: Path) -> np.ndarray:
        try:
            opened = Image.open(path)
        except Exception as error:
            raise ValueError("image: not a picture") from error
        with opened:
            if max(opened.size) > 2000:
                raise ValueError("image: at most 2000 pixels on a side, please")
            if opened.mode[0] in "IF":
                raise ValueError("image: more than 8 bits per channel")
            try:
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
            except Exception as error:
                raise ValueError("image: the file is damaged") from error
        white = Image.new("RGBA", picture.size, "white")
        return np.asarray(Image.alpha_composite(white, picture).convert("L"))

    def read(self, ink: np.ndarray, start: int, end: int) -> Digit:
        rows = np.flatnonzero(ink[:, start:end].any(axis=1))
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        crop = Image.fromarray(ink[top:bottom, start:end].astype(np.uint8) * 255)
        cells = np.asarray(crop.resize((3, 5), Image.Resampling.BOX)).reshape(15) / 255
        fits = 1 - np.abs(self.templates - cells).mean(axis=1)
        best = int(fits.argmax())
        score = round(float(fits[best]), 4)
        return Digit(best, score, start, top, end - start, bottom - top)

    def predict(
        self,
        image: Path = Input(
            description="One row of digits, upright, with gaps between them; "
            "8 bits, up to 2000 pixels a side"
        ),
        threshold: int = Input(
            description="Grey level (0 black, 255 white) below which a pixel is ink, "
            "after inverting",
            default=128,
            ge=1,
            le=255,
        ),
        invert: bool = Input(description="Light digits on a dark ground", default=False),
        min_confidence: float = Input(
            description="Leave out what is less sure than this", default=0.7, ge=0, le=1
        ),
    ) -> Output:
        grey = self.load(image)
        ink = (255 - grey if invert else grey) < threshold
        columns = np.concatenate([[0], ink.any(axis=0).astype(int), [0]])
        edges = np.flatnonzero(np.diff(columns))
        found = [
            self.read(ink, int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)
        ]
        kept = [digit for digit in found if digit.confidence >= min_confidence]
        return Output("".join(str(digit.value) for digit in kept), kept)
