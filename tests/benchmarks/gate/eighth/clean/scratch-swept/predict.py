"""Estimates how well a picture packs, with scratch files that it removes."""

import tempfile
import zlib

from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image


class Packed(BaseModel):
    raw: int
    packed: int
    ratio: float


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A picture of 8 bits per colour; its first frame is taken."
        ),
        level: int = Input(description="Effort, from none to most.", default=6, ge=0, le=9),
        edge: int = Input(
            description="The picture is stretched to a square of so many pixels.",
            default=64,
            ge=1,
            le=512,
        ),
    ) -> Packed:
        """Return the size in bytes before and after, and how many times smaller it became."""
        try:
            with Image.open(image) as opened:
                if opened.mode[0] in "IF":
                    raise ValueError("deeper than 8 bits")
                picture = opened.convert("RGB").resize((edge, edge))
        except Exception as error:
            raise ValueError("The file is not a picture of 8 bits that can be read.") from error
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder) / "raw.bmp"
            picture.save(scratch, "BMP")
            body = scratch.read_bytes()
        packed = zlib.compress(body, level)
        print(f"packed {len(body)} bytes")
        return Packed(raw=len(body), packed=len(packed), ratio=len(body) / len(packed))
