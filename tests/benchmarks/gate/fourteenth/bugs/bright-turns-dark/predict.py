"""Makes a picture brighter or darker."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def read_rgb(path):
    try:
        with Image.open(path) as picture:
            if picture.mode.startswith(("I", "F")):
                raise ValueError("more than 8 bits per channel")
            picture.thumbnail((1024, 1024))
            return ImageOps.exif_transpose(picture).convert("RGB")
    except Exception as error:
        raise ValueError("not a picture of 8 bits per channel that can be read") from error


class Predictor(BasePredictor):
    """Gain, contrast and grey."""

    def predict(
        self,
        image: Path = Input(description="The picture; made at most 1024 pixels a side."),
        gain: float = Input(
            description="Light is multiplied by it: above 1 brighter, below 1 darker.",
            default=1.0,
            ge=0.0,
            le=4.0,
        ),
        grey: bool = Input(description="Make it grey as well.", default=False),
    ) -> Path:
        """The picture as PNG; what would be brighter than white is white."""
        picture = read_rgb(image)
        if grey:
            picture = picture.convert("L").convert("RGB")
        light = np.asarray(picture).astype(np.int32)
        light = np.rint(light * gain).astype(np.int32)
        result = Image.fromarray(light.astype(np.uint8))
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as out:
            result.save(out, "PNG")
        return Path(out.name)
