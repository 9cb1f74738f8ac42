"""Takes a stretch of an animation as single pictures."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps, ImageSequence

MOST = 64


def frames(path: Path) -> list[Image.Image]:
    """The first 64 frames, at most 256 pixels on a side."""
    found = []
    try:
        with Image.open(path) as moving:
            if moving.mode in ("I", "F"):
                raise ValueError("more than 16 bits to a channel")
            for frame in ImageSequence.Iterator(moving):
                picture = ImageOps.exif_transpose(frame).convert("RGBA")
                ground = Image.new("RGBA", picture.size, "black")
                picture = Image.alpha_composite(ground, picture).convert("RGB")
                picture.thumbnail((256, 256))
                found.append(picture)
                if len(found) == MOST:
                    break
    except Exception as error:
        raise ValueError("animation cannot be read") from error
    return found


class Predictor(BasePredictor):
    def predict(
        self,
        animation: Path = Input(
            description="A GIF, WebP or PNG, moving or not; its first 64 frames are looked at."
        ),
        first: int = Input(
            description="The first frame that is kept, counted from 0.", default=0, ge=0, le=63
        ),
        last: int = Input(
            description="The last frame that is kept; past the end means up to the end.",
            default=63,
            ge=0,
            le=63,
        ),
    ) -> list[Path]:
        """PNG files in their order, at most 256 pixels on a side; transparent parts are black."""
        found = frames(animation)
        if first >= len(found):
            raise ValueError(f"first is past the end: there are {len(found)} frames")
        if last < first:
            raise ValueError("last lies before first")
        results = []
        for number in range(first, min(last, len(found))):
            out = Path(tempfile.gettempdir()) / f"stretch-{number:02}.png"
            found[number].save(out)
            results.append(out)
        return results
