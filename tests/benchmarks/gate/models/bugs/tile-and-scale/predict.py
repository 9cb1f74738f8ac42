"""Plans the tiles of an upscaling run."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        scale: int = Input(description="Times larger.", default=2, ge=1, le=8),
        tiled: bool = Input(description="Work tile by tile.", default=False),
        mode: str = Input(description="What to favour.", default="fast", choices=["fast", "fine"]),
    ) -> int:
        if tiled and scale > 4:
            if mode == "fast":
                overlap = 16
        else:
            overlap = 8
        return 512 * scale + overlap
