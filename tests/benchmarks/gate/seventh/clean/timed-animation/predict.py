"""Makes a small animation of falling snow and tells how long that took."""

import tempfile
import time
from datetime import UTC, datetime

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image

SIDE = 96


class Snow(BaseModel):
    animation: Path
    milliseconds: float
    made_at: str


class Predictor(BasePredictor):
    def save_frames(self, folder: str, count: int, flakes: int, seed: int) -> list[str]:
        rng = np.random.default_rng(seed)
        places = rng.integers(0, SIDE, (flakes, 2))
        names = []
        for moment in range(count):
            picture = np.full((SIDE, SIDE), 16, dtype=np.uint8)
            picture[places[:, 0], places[:, 1]] = 255
            # the number in the corner keeps any two pictures apart
            picture[0, :8] = [255 if moment >> bit & 1 else 0 for bit in range(8)]
            names.append(f"{folder}/{moment:04}.png")
            Image.fromarray(picture).save(names[-1])
            places[:, 0] = (places[:, 0] + 5) % SIDE
        return names

    def predict(
        self,
        count: int = Input(description="Pictures in the animation", default=6, ge=1, le=20),
        flakes: int = Input(
            description="Flakes of snow; some may hide others", default=40, ge=1, le=2000
        ),
        fps: int = Input(
            description="Pictures a second, as near as steps of 10 ms allow",
            default=10,
            ge=1,
            le=50,
        ),
        seed: int = Input(description="The same seed gives the same snow", default=0, ge=0),
    ) -> Snow:
        """Give a GIF, the time it took and the time of day, which differ each time."""
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            names = self.save_frames(folder, count, flakes, seed)
            pictures = [Image.open(name) for name in names]
            with tempfile.NamedTemporaryFile(suffix=".gif", delete=False) as file:
                pictures[0].save(
                    file,
                    "GIF",
                    save_all=True,
                    append_images=pictures[1:],
                    duration=round(100 / fps) * 10,
                    loop=0,
                )
            for picture in pictures:
                picture.close()
        return Snow(
            animation=Path(file.name),
            milliseconds=round((time.perf_counter() - began) * 1000, 2),
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
