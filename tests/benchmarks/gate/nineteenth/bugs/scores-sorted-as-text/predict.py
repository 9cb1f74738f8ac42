"""Names the colours of a picture, by how near its pixels are to each."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

COLOURS = {
    "red": (220, 30, 30),
    "orange": (240, 140, 20),
    "yellow": (240, 230, 40),
    "green": (40, 150, 50),
    "teal": (20, 140, 140),
    "blue": (40, 70, 210),
    "violet": (130, 50, 180),
    "pink": (240, 150, 190),
    "brown": (110, 70, 40),
    "grey": (128, 128, 128),
}
TONES = {"dark": 0.5, "middle": 1.0, "light": 1.5}


class Labels(BaseModel):
    labels: list[str]
    shares: list[str]


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Make the table of colours."""
        self.names = [f"{tone} {name}" for tone in TONES for name in COLOURS]
        plain = np.array(list(COLOURS.values()), float)
        self.table = np.concatenate([plain * factor for factor in TONES.values()]).clip(0, 255)

    def predict(
        self,
        image: Path = Input(description="A picture; it is looked at in 32x32 pixels."),
        top_k: int = Input(description="How many labels.", default=5, ge=1, le=20),
    ) -> Labels:
        """The top_k likeliest colours, best first, and how likely each is, in percent."""
        try:
            with Image.open(image) as opened:
                if opened.mode in ("I", "F"):
                    raise ValueError("more than 16 bits to a channel")
                small = ImageOps.exif_transpose(opened).convert("RGB").resize((32, 32))
        except Exception as error:
            raise ValueError("image is not a picture that can be read") from error
        pixels = np.asarray(small, float).reshape(-1, 1, 3)
        near = np.exp(-np.linalg.norm(pixels - self.table, axis=2) / 60)
        scores = (near / near.sum(axis=1, keepdims=True)).mean(axis=0)
        shares = [f"{100 * float(score):.1f}%" for score in scores]
        best = sorted(zip(shares, self.names, strict=True), reverse=True)[:top_k]
        return Labels(labels=[name for _, name in best], shares=[share for share, _ in best])
