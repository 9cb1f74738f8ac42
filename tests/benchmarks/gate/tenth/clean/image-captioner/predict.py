"""Describes light, colour and shape of a picture."""

import colorsys

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

HUES = ["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]
FORMS = [
    "a {light} picture in {colour} tones, {texture} and {shape}",
    "{colour} tones in a {shape} picture that is {light} and {texture}",
    "this {shape} picture is {light} and {texture}, mostly {colour}",
    "mostly {colour}: a {light} and {texture} picture, {shape}",
    "the picture, {light} and {shape}, shows {colour} in {texture} areas",
]


class Predictor(BasePredictor):
    def look(self, path: Path) -> tuple[np.ndarray, float]:
        try:
            with Image.open(path) as opened:
                if opened.width * opened.height > 4_000_000 or opened.mode[0] in "IF":
                    raise ValueError("too large, or more than 8 bits")
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
        except Exception as error:
            raise ValueError("image: not a picture of 8 bits and up to 4 MP") from error
        white = Image.new("RGBA", picture.size, "white")
        flat = Image.alpha_composite(white, picture).convert("RGB")
        ratio = flat.width / flat.height
        small = flat.resize((48, 48), Image.Resampling.BOX)
        return np.asarray(small) / 255, ratio

    def predict(
        self,
        image: Path = Input(
            description="Picture to describe, 8 bits per channel, up to 4 megapixels; "
            "transparent parts count as white"
        ),
        num_captions: int = Input(description="How many captions (1-5)", default=1, ge=1, le=5),
        max_length: int = Input(
            description="Maximum length of a caption in words, with the prefix", default=20, ge=4
        ),
        prefix: str = Input(description="Text to start every caption with", default=""),
    ) -> list[str]:
        start = prefix.encode("utf-8", "replace").decode().split()
        if len(start) > max_length:
            raise ValueError("prefix has more words than max_length allows")
        pixels, ratio = self.look(image)
        hue, saturation, _ = colorsys.rgb_to_hsv(*pixels.mean(axis=(0, 1)))
        grey = pixels.mean(axis=2)
        words = {
            "colour": "grey" if saturation < 0.1 else HUES[int(hue * len(HUES)) % len(HUES)],
            "light": "bright" if grey.mean() > 0.6 else "dark" if grey.mean() < 0.3 else "mild",
            "texture": "busy" if grey.std() > 0.15 else "calm",
            "shape": "wide" if ratio > 1.2 else "tall" if ratio < 0.8 else "square",
        }
        captions = [form.format(**words).split() for form in FORMS[:num_captions]]
        return [" ".join((start + caption)[:max_length]) for caption in captions]
