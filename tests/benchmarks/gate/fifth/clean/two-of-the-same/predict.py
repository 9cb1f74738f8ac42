"""A badge for each name, also where two are called the same."""

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        names: list[str] = Input(description="Who comes.", default=["Ada", "Bo", "Bo"]),
        size: int = Input(description="Pixels a side.", default=32, choices=[16, 32, 64]),
    ) -> list[Path]:
        if not names:
            raise ValueError("names must have one at least")
        badges = []
        for n, name in enumerate(names[:24]):
            colour = tuple(40 + sum(map(ord, name[part::3])) % 200 for part in range(3))
            Image.new("RGB", (size, size), colour).save(f"/tmp/badge-{n}.png")
            badges.append(Path(f"/tmp/badge-{n}.png"))
        return badges
