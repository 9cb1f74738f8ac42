"""Gives every tag a colour."""

import colorsys

from cog import BaseModel, BasePredictor, Input


class Colour(BaseModel):
    tag: str
    hexadecimal: str


class Predictor(BasePredictor):
    def predict(
        self,
        tag: str = Input(description="The tag.", default="holiday", max_length=200),
        lightness: float = Input(description="From dark to light.", default=0.5, ge=0, le=1),
    ) -> Colour:
        """Return the colour of the tag, which is always the same for a tag and a lightness."""
        hue = hash(tag.strip().casefold()) % 360 / 360
        red, green, blue = colorsys.hls_to_rgb(hue, lightness, 0.6)
        parts = [round(part * 255) for part in (red, green, blue)]
        return Colour(tag=tag, hexadecimal="#" + "".join(f"{part:02x}" for part in parts))
