"""Makes an animated GIF of single pictures."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

MAX_FRAMES = 20


class Predictor(BasePredictor):
    def read(self, path: Path) -> Image.Image:
        try:
            with Image.open(path) as opened:
                if opened.width * opened.height > 1_000_000:
                    raise ValueError("more than a megapixel")
                if opened.mode[0] in "IF":
                    raise ValueError("more than 8 bits per channel")
                frame = ImageOps.exif_transpose(opened).convert("RGBA")
        except Exception as error:
            raise ValueError("frames: one is no picture of 8 bits and up to a megapixel") from error
        white = Image.new("RGBA", frame.size, "white")
        return Image.alpha_composite(white, frame).convert("RGB")

    def predict(
        self,
        frames: list[Path] = Input(
            description=f"Pictures, in order, 1 to {MAX_FRAMES}; 8 bits, up to a megapixel. "
            "Of an animation the first frame is taken."
        ),
        duration: int = Input(
            description="How long a frame is shown, in milliseconds; rounded down to tens. "
            "Equal frames in a row become one that is shown for as long as all of them.",
            default=200,
            ge=20,
            le=5000,
        ),
        width: int = Input(
            description="Width of the animation. Its height follows from the first picture (at "
            "most 480), and the others are stretched to it.",
            default=128,
            ge=8,
            le=320,
        ),
        loop: bool = Input(description="Forever, or only once", default=True),
        boomerang: bool = Input(
            description="Then play it backwards, to the first picture", default=False
        ),
    ) -> Path:
        if not 0 < len(frames) <= MAX_FRAMES:
            raise ValueError(f"frames: 1 to {MAX_FRAMES} pictures are needed")
        first = self.read(frames[0])
        height = max(1, min(480, round(width * first.height / first.width)))
        size = (width, height)
        pictures = [first.resize(size)] + [self.read(path).resize(size) for path in frames[1:]]
        pictures = [picture.quantize(128, dither=Image.Dither.NONE) for picture in pictures]
        if boomerang:
            # played forever, the next round begins with the first picture anyway
            pictures += pictures[-2:0:-1] if loop else pictures[-2::-1]
        out = Path(tempfile.mkdtemp()) / "out.gif"
        pictures[0].save(
            out,
            save_all=True,
            append_images=pictures[1:],
            duration=duration // 10 * 10,
            **({"loop": 0} if loop else {}),
        )
        return out
