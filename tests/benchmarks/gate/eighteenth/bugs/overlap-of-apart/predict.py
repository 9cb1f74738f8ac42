"""Compare two boxes of an object detector."""

import math

from cog import BasePredictor, Input


def read_box(text: str) -> list[float]:
    """Read left, top, right and bottom."""
    try:
        box = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise ValueError("a box is four numbers, apart by commas") from error
    if len(box) != 4 or not all(math.isfinite(side) and abs(side) <= 1e6 for side in box):
        raise ValueError("a box is four numbers between -1000000 and 1000000")
    if box[2] - box[0] < 0.001 or box[3] - box[1] < 0.001:
        raise ValueError("a box must be at least 0.001 wide and high")
    return box


def area(box: list[float]) -> float:
    """Return width times height."""
    return (box[2] - box[0]) * (box[3] - box[1])


class Predictor(BasePredictor):
    def predict(
        self,
        first: str = Input(
            description="Left, top, right and bottom, apart by commas.", default="0,0,10,10"
        ),
        second: str = Input(description="The other box.", default="5,5,15,15"),
        measure: str = Input(
            description="Compare the common area with that of both together or of the smaller box.",
            default="both",
            choices=["both", "smaller"],
        ),
    ) -> float:
        """Return how much the boxes cover each other: 0 if they are apart, 1 if all."""
        one, two = read_box(first), read_box(second)
        common = [max(one[0], two[0]), max(one[1], two[1])]
        common += [min(one[2], two[2]), min(one[3], two[3])]
        covered = area(common)
        if covered <= 0:
            return 0.0
        if measure == "smaller":
            return round(covered / min(area(one), area(two)), 4)
        return round(covered / (area(one) + area(two) - covered), 4)
