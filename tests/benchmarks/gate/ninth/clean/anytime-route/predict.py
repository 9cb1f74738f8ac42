"""Looks for a short round trip until its time is over."""

import math
import random
import re
import time

from cog import BaseModel, BasePredictor, Input

PLACE = re.compile(r" *(-?[0-9]{1,6}(?:\.[0-9]{1,6})?) *, *(-?[0-9]{1,6}(?:\.[0-9]{1,6})?) *")


class Route(BaseModel):
    """The places in the order of the trip, by their number from 0, and the way there and back."""

    order: list[int]
    length: float
    tries: int


def trip(order, places):
    """The length of a round trip."""
    legs = zip(order, order[1:] + order[:1], strict=True)
    return math.fsum(math.dist(places[one], places[other]) for one, other in legs)


class Predictor(BasePredictor):
    """Turns stretches of the trip round at random and keeps what is shorter."""

    def predict(
        self,
        places: list[str] = Input(
            description='Places such as "12.5,-3", 60 at most.',
            default=["0,0", "9,9", "0,9", "9,0", "4,5"],
        ),
        budget_ms: int = Input(
            description="Time to look, which is used up if there are more than three places.",
            default=60,
            ge=10,
            le=300,
        ),
    ) -> Route:
        """The best that was found: another run may find another, never longer than as given."""
        found = [PLACE.fullmatch(place) for place in places]
        if len(found) > 60 or None in found:
            raise ValueError("places: 60 at most, each two numbers of up to six digits")
        points = [(float(match[1]), float(match[2])) for match in found]
        best, tries = list(range(len(points))), 0
        length = trip(best, points)
        until = time.monotonic() + budget_ms / 1000
        while len(points) > 3 and time.monotonic() < until:
            start, end = sorted(random.sample(range(len(points) + 1), 2))
            other = best[:start] + best[start:end][::-1] + best[end:]
            tries += 1
            if trip(other, points) < length:
                best, length = other, trip(other, points)
        return Route(order=best, length=round(length, 3), tries=tries)
