"""Takes the frames out of an animation and packs them into one archive."""

import os
import shutil
import tempfile
import zipfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps, ImageSequence


class Predictor(BasePredictor):
    def predict(
        self,
        animation: Path = Input(description="A GIF, WebP or PNG, moving or not."),
        every: int = Input(description="Take each so many-th frame.", default=1, ge=1, le=100),
        width: int = Input(
            description="Width of the frames in pixels; the height follows.",
            default=64,
            ge=8,
            le=256,
        ),
    ) -> Path:
        """A zip of at most 40 PNG files, named in their order; transparent parts are black."""
        folder = tempfile.mkdtemp(prefix="frames-")
        try:
            with Image.open(animation) as moving:
                if moving.mode in ("I", "F"):
                    raise ValueError("more than 16 bits to a channel")
                for number, frame in enumerate(ImageSequence.Iterator(moving)):
                    if number >= 40 * every:
                        break
                    if number % every:
                        continue
                    height = max(1, min(1024, round(frame.height * width / frame.width)))
                    picture = ImageOps.exif_transpose(frame).convert("RGBA")
                    ground = Image.new("RGBA", picture.size, "black")
                    picture = Image.alpha_composite(ground, picture).convert("RGB")
                    picture = picture.resize((width, height))
                    picture.save(os.path.join(folder, f"frame-{number // every:03}.png"))
        except Exception as error:
            shutil.rmtree(folder)
            raise ValueError("animation cannot be read") from error
        out = Path(tempfile.gettempdir()) / "all-frames.zip"
        with zipfile.ZipFile(out, "w") as archive:
            for name in sorted(os.listdir(folder)):
                with open(os.path.join(folder, name), "rb") as file:
                    archive.writestr(zipfile.ZipInfo(name), file.read())
        return out
