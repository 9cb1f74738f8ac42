"""How much of a picture is painted over."""

from typing import Optional

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="The picture."),
        mask: Optional[Path] = Input(description="White is painted over.", default=None),
        mode: str = Input(
            description="What to do.", default="whole", choices=["whole", "inpaint", "outpaint"]
        ),
    ) -> float:
        picture = Image.open(image).convert("RGB")
        if mode == "inpaint":
            area = Image.open(mask.as_posix()).convert("L").resize(picture.size)
            return sum(area.tobytes()) / 255 / (picture.width * picture.height)
        return 1.0
