"""Splits a picture into areas of like colour."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

MAX_PIXELS = 4_000_000


class Predictor(BasePredictor):
    def open(self, path: Path) -> Image.Image:
        try:
            with Image.open(path) as opened:
                fits = opened.width * opened.height <= MAX_PIXELS and opened.mode[0] not in "IF"
                picture = ImageOps.exif_transpose(opened).convert("RGB") if fits else None
        except Exception as error:
            raise ValueError("image must be a PNG, JPEG, WebP or GIF file") from error
        if picture is None:
            raise ValueError(f"image must have 8 bits per channel and at most {MAX_PIXELS} pixels")
        return picture

    def predict(
        self,
        image: Path = Input(
            description="Image to segment: 8 bits per channel, at most 4,000,000 pixels. "
            "Alpha is not looked at."
        ),
        num_segments: int = Input(
            description="How many segments at most; plain images have fewer.",
            default=4,
            ge=2,
            le=16,
        ),
        min_area: float = Input(
            description="Drop segments that cover less than this share of the image (0 to 0.5).",
            default=0.01,
            ge=0,
            le=0.5,
        ),
    ) -> list[Path]:
        """Black and white masks of the image's size, the largest segment first."""
        picture = self.open(image)
        flat = picture.quantize(
            num_segments, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        colours = np.asarray(flat)
        numbers, counts = np.unique(colours, return_counts=True)
        order = sorted(zip(-counts, numbers, strict=True))
        folder = Path(tempfile.mkdtemp())
        masks = []
        for count, number in order:
            if -count < min_area * colours.size:
                continue
            masks.append(folder / f"mask_{len(masks)}.png")
            Image.fromarray((colours == number).astype(np.uint8) * 255).save(masks[-1])
        print(f"{len(masks)} of {len(order)} segments kept")
        return masks
