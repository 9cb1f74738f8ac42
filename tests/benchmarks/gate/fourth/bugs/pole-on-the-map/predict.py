"""The tile of a web map that a place is on."""

import math

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        latitude: float = Input(description="Degrees north.", default=52.5, ge=-90, le=90),
        longitude: float = Input(description="Degrees east.", default=13.4, ge=-180, le=180),
        zoom: int = Input(description="Level of the map.", default=10, ge=0, le=19),
    ) -> str:
        tiles = 2**zoom
        x = min(tiles - 1, int((longitude + 180) / 360 * tiles))
        angle = math.radians(latitude)
        y = (1 - math.log(math.tan(angle) + 1 / math.cos(angle)) / math.pi) / 2 * tiles
        return f"{zoom}/{x}/{max(0, min(tiles - 1, int(y)))}"
