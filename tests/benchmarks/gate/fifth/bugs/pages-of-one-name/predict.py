"""A name tag for each guest."""

import re

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw


class Predictor(BasePredictor):
    def predict(
        self,
        guests: list[str] = Input(description="Their names.", default=["Ada", "Bo", "Cleo"]),
        dark: bool = Input(description="White on black.", default=False),
    ) -> list[Path]:
        tags = []
        for guest in guests[:20]:
            name = re.sub(r"[^a-z0-9]+", "-", guest.lower())[:30]
            tag = Image.new("L", (120, 40), 0 if dark else 255)
            shown = guest.encode("ascii", "replace").decode()[:18].replace("\n", " ")
            ImageDraw.Draw(tag).text((8, 12), shown, fill=255 if dark else 0)
            tag.save(f"/tmp/tag-{name}.png")
            tags.append(Path(f"/tmp/tag-{name}.png"))
        return tags
