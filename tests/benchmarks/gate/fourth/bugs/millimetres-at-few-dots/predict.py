"""A picture scaled for print."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.motif = Image.linear_gradient("L")

    def predict(
        self,
        width_mm: float = Input(description="Width in millimetres.", default=30.0, ge=1, le=200),
        height_mm: float = Input(description="Height in millimetres.", default=20.0, ge=1, le=200),
        dots: int = Input(description="Dots per inch.", default=72, ge=20, le=150),
    ) -> Path:
        size = int(width_mm / 25.4 * dots), int(height_mm / 25.4 * dots)
        out = Path("/tmp/print.png")
        self.motif.resize(size).save(out, dpi=(dots, dots))
        return out
