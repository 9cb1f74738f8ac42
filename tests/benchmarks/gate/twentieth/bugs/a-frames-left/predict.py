"""Shows a slow zoom into a picture as a strip of frames."""

import os
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

SIDE = 96


def load_picture(path: Path) -> Image.Image:
    """Read the first frame, turned as its EXIF data says, in RGB on white."""
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 1024:
                raise ValueError("image has more than 1024 pixels a side")
            picture = ImageOps.exif_transpose(opened)
        if picture.mode.startswith(("I", "F")):
            raise ValueError("image must have 8 bits a channel")
        picture = picture.convert("RGBA")
    except ValueError:
        raise
    except Exception as error:
        raise ValueError("image is not a picture that can be read") from error
    canvas = Image.new("RGBA", picture.size, "white")
    canvas.alpha_composite(picture)
    return canvas.convert("RGB")


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="Picture, 8 bits a channel, at most 1024 pixels a side; "
            "transparent parts are put on white"
        ),
        frames: int = Input(description="Frames in the strip", ge=2, le=24, default=6),
        zoom: float = Input(
            description="How much closer the last frame is than the first", ge=1, le=8, default=2
        ),
    ) -> Path:
        """Give the strip, frames of 96 by 96 pixels side by side, as PNG."""
        start = ImageOps.fit(load_picture(image), (SIDE, SIDE))
        folder = tempfile.mkdtemp(prefix="frames-")
        for number in range(frames):
            factor = 1 + (zoom - 1) * number / (frames - 1)
            margin = (SIDE - SIDE / factor) / 2
            box = (margin, margin, SIDE - margin, SIDE - margin)
            frame = start.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box=box)
            frame.save(os.path.join(folder, f"{number:03d}.png"))
        strip = Image.new("RGB", (SIDE * frames, SIDE))
        for number, name in enumerate(sorted(os.listdir(folder))):
            with Image.open(os.path.join(folder, name)) as frame:
                strip.paste(frame, (SIDE * number, 0))
        handle, name = tempfile.mkstemp(suffix=".png")
        os.close(handle)
        strip.save(name, format="PNG")
        return Path(name)
