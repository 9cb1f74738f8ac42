"""Puts colours together that go well with each other."""

import colorsys
import random

from cog import BasePredictor, Input

MOODS = {
    "calm": (0.08, 0.35, 0.75),
    "warm": (0.12, 0.6, 0.85),
    "bold": (0.33, 0.9, 0.9),
    "dark": (0.2, 0.5, 0.3),
}
Colour = tuple[int, int, int]
WRITERS = {
    "hex": lambda colour: "#{:02x}{:02x}{:02x}".format(*colour),
    "rgb": lambda colour: "rgb({}, {}, {})".format(*colour),
}


class Palette:
    """Draws colours of a mood."""

    def __init__(self, mood: str, rng: random.Random) -> None:
        self.spread, self.saturation, self.value = MOODS[mood]
        self.hue = rng.random()
        self.rng = rng

    def colour(self) -> Colour:
        """Near the first hue, near the mood."""
        hue = (self.hue + self.rng.uniform(-self.spread, self.spread)) % 1
        saturation = min(1.0, max(0.0, self.rng.gauss(self.saturation, 0.08)))
        value = min(1.0, max(0.0, self.rng.gauss(self.value, 0.06)))
        red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
        return round(red * 255), round(green * 255), round(blue * 255)


class Predictor(BasePredictor):
    """A palette."""

    def predict(
        self,
        mood: str = Input(description="How it feels.", default="calm", choices=list(MOODS)),
        count: int = Input(description="How many colours.", default=5, ge=1, le=24),
        notation: str = Input(
            description="How colours are written.", default="hex", choices=list(WRITERS)
        ),
        light_first: bool = Input(description="Sort them, lightest first.", default=False),
        seed: int | None = Input(
            description="The same seed gives the same colours; left out, they are always new.",
            default=None,
            ge=0,
            le=2**32 - 1,
        ),
    ) -> list[str]:
        """The colours."""
        rng = random.Random(seed) if seed else random.Random()
        palette = Palette(mood, rng)
        colours = [palette.colour() for _ in range(count)]
        if light_first:
            colours.sort(key=sum, reverse=True)
        return [WRITERS[notation](colour) for colour in colours]
