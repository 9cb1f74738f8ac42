"""Count how light and how dark a picture is."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image


class Output(BaseModel):
    """The light in a picture."""

    points: int
    shares: list[float]


class Predictor(BasePredictor):
    """A histogram of brightness."""

    def predict(
        self,
        image: Path = Input(description="A colour or grey picture, of up to 40 million points"),
        bins: int = Input(description="Into how many steps", default=8, ge=1, le=256),
        cumulative: bool = Input(description="Sum the shares up", default=False),
    ) -> Output:
        """Give the share of points in each step, from dark to light."""
        try:
            with Image.open(str(image)) as opened:
                if opened.width * opened.height > 40_000_000:
                    raise ValueError("image is too large")
                opened.load()
                coloured = opened.mode in ("P", "1") or len(opened.getbands()) > 1
                grey = np.asarray(opened.convert("L") if coloured else opened)
        except Exception as error:
            raise ValueError("image must be a readable picture") from error
        counts = np.zeros(bins, dtype=np.int64)
        steps = np.clip(grey.astype(np.int64), 0, None) * bins // 256
        np.add.at(counts, steps.ravel(), 1)
        shares = counts / grey.size
        if cumulative:
            shares = np.cumsum(shares)
        return Output(points=int(grey.size), shares=[round(float(s), 6) for s in shares])
