"""Cuts out what does not have the colour of the border."""

import re
import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps


def read(path: Path) -> Image.Image:
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > 4_000_000:
                raise ValueError("image: more than 4 megapixels")
            if opened.mode.startswith(("I", "F")):
                raise ValueError("image: only 8 bits per channel are supported")
            return ImageOps.exif_transpose(opened).convert("RGBA")
    except ValueError:
        raise
    except Exception as error:
        raise ValueError("image: not a readable picture") from error


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Input image (8 bits per channel, up to 4 megapixels)"),
        threshold: int = Input(
            description="How far a colour may be from that of the border (0-255, largest "
            "difference of a channel) and still count as background.",
            default=32,
            ge=0,
            le=255,
        ),
        feather: int = Input(
            description="Over how many further levels the alpha rises to opaque. 0: a hard edge.",
            default=16,
            ge=0,
            le=128,
        ),
        background_color: str = Input(
            description="Fill the background with this colour, such as #ffcc00. "
            "Leave empty for a transparent background.",
            default="",
        ),
        only_mask: bool = Input(
            description="Return the mask in grey (255 is the object) instead of the cutout. "
            "The background colour is not used then.",
            default=False,
        ),
    ) -> Path:
        """A picture of one colour has no object: all of it is background."""
        if background_color and not re.fullmatch("#[0-9a-fA-F]{6}", background_color):
            raise ValueError("background_color must look like #rrggbb")
        picture = read(image)
        pixels = np.asarray(picture).astype(np.int32)
        edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])[:, :3]
        distance = np.abs(pixels[..., :3] - np.median(edge, axis=0)).max(axis=2)
        cover = np.clip((distance - threshold) / (feather + 1), 0, 1)
        if feather == 0:
            cover = (distance > threshold).astype(float)
        alpha = Image.fromarray(np.round(cover * pixels[..., 3]).astype(np.uint8))
        out = Path(tempfile.mkdtemp()) / "out.png"
        if only_mask:
            alpha.save(out)
            return out
        cutout = Image.fromarray(pixels[..., :3].astype(np.uint8))
        cutout.putalpha(alpha)
        if background_color:
            ground = Image.new("RGBA", cutout.size, background_color)
            cutout = Image.alpha_composite(ground, cutout).convert("RGB")
        cutout.save(out)
        return out
