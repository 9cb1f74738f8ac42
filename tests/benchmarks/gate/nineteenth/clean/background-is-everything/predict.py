"""Takes the background off pictures: all that has about the colour of the border."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A picture, at most 1024 pixels on a side. Parts that are transparent "
            "stay so."
        ),
        tolerance: float = Input(
            description="How far from the border's middle colour background may be, as a part of "
            "the distance from black to white.",
            default=0.15,
            ge=0,
            le=1,
        ),
        output: str = Input(
            description="cutout: the picture without its background. mask: white where it stays, "
            "grey where it half stays.",
            default="cutout",
            choices=["cutout", "mask"],
        ),
    ) -> Path:
        """A PNG. A picture of one colour is all background, and so all transparent or black."""
        try:
            with Image.open(image) as opened:
                if opened.mode in ("I", "F"):
                    raise ValueError("more than 16 bits to a channel")
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
        except Exception as error:
            raise ValueError("image is not a picture that can be read") from error
        if max(picture.size) > 1024:
            raise ValueError("image is larger than 1024 pixels on a side")
        pixels = np.array(picture)
        colours = pixels[:, :, :3].astype(np.float32)
        border = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
        distance = np.linalg.norm(colours - np.median(border, axis=0), axis=2) / (255 * 3**0.5)
        pixels[distance <= tolerance, 3] = 0
        out = Path(tempfile.gettempdir()) / f"{output}.png"
        if output == "mask":
            Image.fromarray(pixels[:, :, 3]).save(out)
        else:
            Image.fromarray(pixels).save(out)
        return out
