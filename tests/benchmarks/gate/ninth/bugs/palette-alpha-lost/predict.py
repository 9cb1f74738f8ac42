"""Small previews for a catalogue."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

MODES_WITH_ALPHA = ("RGBA", "LA")


def opened(path):
    """The first frame, upright."""
    try:
        with Image.open(path) as file:
            if max(file.size) > 4096 or file.mode[0] in "IF":
                raise ValueError("size or depth")
            upright = ImageOps.exif_transpose(file)
            kind = "RGBA" if upright.mode in MODES_WITH_ALPHA else "RGB"
            pixels = np.array(upright.convert(kind))  # and none of the file's notes
    except Exception as error:
        raise ValueError("image: 8 bits per channel, at most 4096 pixels a side") from error
    return Image.fromarray(pixels)


class Predictor(BasePredictor):
    """Never makes a picture larger than it was."""

    def predict(
        self,
        image: Path = Input(
            description="PNG, GIF, WebP or JPEG. Transparent areas stay transparent."
        ),
        side: int = Input(description="Longest side of the preview.", default=128, ge=8, le=1024),
    ) -> Path:
        """A PNG; of an animation, its first frame."""
        preview = opened(image)
        preview.thumbnail((side, side))
        out = Path(tempfile.mkdtemp()) / "preview.png"
        preview.save(out)
        return out
