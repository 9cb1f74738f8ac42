"""Converts pictures between formats."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

ENDINGS = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}


def opened(path):
    """The first frame, upright, with its transparency."""
    try:
        with Image.open(path) as file:
            if max(file.size) > 4096 or file.mode[0] in "IF":
                raise ValueError("size or depth")
            return ImageOps.exif_transpose(file).convert("RGBA")
    except Exception as error:
        raise ValueError("image: 8 bits per channel, at most 4096 pixels a side") from error


class Predictor(BasePredictor):
    """One picture in, one out."""

    def predict(
        self,
        image: Path = Input(description="A picture; of an animation the first frame is taken."),
        format: str = Input(description="Format to write.", default="webp", choices=list(ENDINGS)),
        quality: int = Input(
            description="For jpeg and webp, which lose detail. PNG is always exact, and this has "
            "no effect on it.",
            default=60,
            ge=1,
            le=95,
        ),
        background: str = Input(
            description="What shows through transparent parts in a jpeg. The other formats keep "
            "transparency and do not need it.",
            default="white",
            choices=["white", "black"],
        ),
    ) -> Path:
        """The picture in the format; the camera's notes are not kept."""
        picture = opened(image)
        if format == "jpeg":
            page = Image.new("RGBA", picture.size, background)
            picture = Image.alpha_composite(page, picture).convert("RGB")
        settings = {} if format == "png" else {"quality": quality}
        out = Path(tempfile.mkdtemp()) / f"converted{ENDINGS[format]}"
        picture.save(out, **settings)
        return out
