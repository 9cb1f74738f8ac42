"""Shows an animation in a few frames that are taken evenly from it."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps, ImageSequence


class Predictor(BasePredictor):
    def predict(
        self,
        animation: Path = Input(
            description="A GIF, WebP or PNG, moving or not; only its first 100 frames are seen."
        ),
        count: int = Input(
            description="How many frames to show; fewer if there are not so many.",
            default=4,
            ge=1,
            le=16,
        ),
        side: int = Input(
            description="The longest side in pixels; smaller frames are not enlarged.",
            default=96,
            ge=16,
            le=256,
        ),
    ) -> list[Path]:
        """PNG files in their order, from the first frame on; transparent parts are black."""
        seen = []
        try:
            with Image.open(animation) as moving:
                if moving.mode in ("I", "F"):
                    raise ValueError("more than 16 bits to a channel")
                for frame in ImageSequence.Iterator(moving):
                    picture = ImageOps.exif_transpose(frame).convert("RGBA")
                    ground = Image.new("RGBA", picture.size, "black")
                    picture = Image.alpha_composite(ground, picture).convert("RGB")
                    picture.thumbnail((side, side))
                    seen.append(picture)
                    if len(seen) == 100:
                        break
        except Exception as error:
            raise ValueError("animation cannot be read") from error
        shown = min(count, len(seen))
        results = []
        for number in range(shown):
            out = Path(tempfile.gettempdir()) / f"even-{number:02}.png"
            seen[number * len(seen) // shown].save(out)
            results.append(out)
        return results
