"""Another picture each time, since there is no seed."""

import random

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What to draw.", default="a fox"),
        num_outputs: int = Input(description="How many.", default=1, ge=1, le=4),
        output_format: str = Input(
            description="Of the files.", default="png", choices=["png", "jpg", "webp"]
        ),
    ) -> list[Path]:
        paths = []
        for n in range(num_outputs):
            picture = Image.new("RGB", (32, 32), (len(prompt) % 256, 0, 0))
            for _ in range(60):
                picture.putpixel((random.randrange(32), random.randrange(32)), (255, 255, 255))
            paths.append(Path(f"/tmp/sketch-{n}.{output_format}"))
            picture.save(str(paths[-1]))
        return paths
