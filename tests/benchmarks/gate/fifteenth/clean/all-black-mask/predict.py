"""Mark what is bright in a picture."""

import tempfile

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK")


class Output(BaseModel):
    """The mask and the share of it that is white."""

    mask: Path
    share: float
    box: list[int] | None


class Predictor(BasePredictor):
    """Masks by brightness."""

    def setup(self) -> None:
        """Choose where the mask goes."""
        self.target = Path(tempfile.mkdtemp()) / "mask.png"

    def predict(
        self,
        image: Path = Input(
            description="A picture of up to 10 million points; alpha is ignored, and pictures "
            "with more than 8 bits a colour are refused"
        ),
        threshold: int = Input(
            description="Brightness from which a point counts; 256 marks none",
            default=128,
            ge=0,
            le=256,
        ),
        invert: bool = Input(description="Mark what is dark instead", default=False),
    ) -> Output:
        """Give a mask, all black if nothing counts; box is then null."""
        try:
            with Image.open(str(image)) as opened:
                if opened.width * opened.height > 10_000_000:
                    raise ValueError("too many points")
                if opened.mode not in MODES:
                    raise ValueError("more than 8 bits, or strange colours")
                grey = np.asarray(opened.convert("RGB").convert("L"))
        except Exception as error:
            raise ValueError("image must be a readable picture of 8 bits, up to 10 Mpx") from error
        marked = (grey >= threshold) != invert
        Image.fromarray(marked.astype(np.uint8) * 255).save(str(self.target))
        box = None
        if marked.any():
            rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
            box = [int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1]
        return Output(mask=self.target, share=round(float(marked.mean()), 6), box=box)
