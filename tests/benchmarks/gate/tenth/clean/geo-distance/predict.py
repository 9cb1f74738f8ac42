"""Distance and bearing between two places on a sphere."""

import math

from cog import BaseModel, BasePredictor, Input

RADIUS_KM = 6371.0088
UNITS = {"km": 1.0, "m": 1000.0, "mi": 1 / 1.609344, "nmi": 1 / 1.852}


class Point(BaseModel):
    lat: float
    lon: float


class Output(BaseModel):
    distance: float
    unit: str
    bearing: float | None
    midpoint: Point | None


class Predictor(BasePredictor):
    def vector(self, lat: float, lon: float) -> tuple[float, float, float]:
        a, b = math.radians(lat), math.radians(lon)
        return math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a)

    def middle(self, one: tuple[float, ...], two: tuple[float, ...], digits: int) -> Point | None:
        x, y, z = (a + b for a, b in zip(one, two, strict=True))
        if math.hypot(x, y, z) < 1e-9:
            return None
        lat = math.degrees(math.atan2(z, math.hypot(x, y)))
        return Point(round(lat, digits), round(math.degrees(math.atan2(y, x)), digits))

    def predict(
        self,
        start_lat: float = Input(description="Latitude of the start", default=10, ge=-90, le=90),
        start_lon: float = Input(description="Longitude", default=20, ge=-180, le=180),
        end_lat: float = Input(description="Latitude of the end", default=12.5, ge=-90, le=90),
        end_lon: float = Input(description="Longitude", default=-7, ge=-180, le=180),
        unit: str = Input(
            description="Kilometres, metres, miles or nautical miles",
            default="km",
            choices=list(UNITS),
        ),
        precision: int = Input(description="Decimals of the results", default=3, ge=0, le=9),
    ) -> Output:
        """Along the great circle. The bearing at the start is in degrees from north, clockwise,
        at least 0 and below 360; null where start and end are the same place. The midpoint is
        null for places that are opposite to each other."""
        one, two = self.vector(start_lat, start_lon), self.vector(end_lat, end_lon)
        half = math.dist(one, two) / 2
        angle = 2 * math.asin(min(1.0, half))
        bearing = None
        if half > 1e-12:
            a, b = math.radians(start_lat), math.radians(end_lat)
            turn = math.radians(end_lon - start_lon)
            east = math.sin(turn) * math.cos(b)
            north = math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b) * math.cos(turn)
            bearing = round(math.degrees(math.atan2(east, north)) % 360, precision) % 360
        distance = round(angle * RADIUS_KM * UNITS[unit], precision)
        return Output(distance, unit, bearing, self.middle(one, two, precision))
