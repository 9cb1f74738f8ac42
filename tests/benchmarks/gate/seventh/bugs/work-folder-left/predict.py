"""Makes a small animation of falling snow."""

import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

SIDE = 96


class Predictor(BasePredictor):
    def frames(self, count: int, flakes: int, seed: int) -> list[np.ndarray]:
        rng = np.random.default_rng(seed)
        night = rng.integers(0, 24, (SIDE, SIDE), dtype=np.uint8)
        places = rng.integers(0, SIDE, (flakes, 2))
        pictures = []
        for moment in range(count):
            picture = night.copy()
            picture[(places[:, 0] + 5 * moment) % SIDE, places[:, 1]] = 255
            pictures.append(picture)
        return pictures

    def predict(
        self,
        count: int = Input(description="Pictures in the animation", default=8, ge=2, le=20),
        flakes: int = Input(description="Flakes of snow", default=60, ge=1, le=2000),
        fps: int = Input(
            description="Pictures a second, as near as steps of 10 ms allow",
            default=10,
            ge=1,
            le=50,
        ),
        seed: int = Input(description="The same seed gives the same snow", default=0, ge=0),
    ) -> Path:
        work = Path(tempfile.mkdtemp(prefix="snow"))
        names = []
        for number, picture in enumerate(self.frames(count, flakes, seed)):
            names.append(work / f"{number:04}.png")
            Image.fromarray(picture).save(names[-1])
        pictures = []
        for name in names:
            with Image.open(name) as picture:
                pictures.append(picture.copy())
        with tempfile.NamedTemporaryFile(suffix=".gif", delete=False) as file:
            pictures[0].save(
                file,
                "GIF",
                save_all=True,
                append_images=pictures[1:],
                duration=round(100 / fps) * 10,
                loop=0,
            )
        return Path(file.name)
