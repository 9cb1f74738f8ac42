"""Finds bright spots in pictures."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

SIDE = 48


class Spots(BaseModel):
    boxes: list[list[float]]
    scores: list[float]


def spots(bright: np.ndarray) -> list[list[tuple[int, int]]]:
    """The groups of neighbouring places that are set."""
    left = {(int(row), int(column)) for row, column in np.argwhere(bright)}
    groups = []
    for start in sorted(left):
        if start not in left:
            continue
        left.remove(start)
        group, waiting = [], [start]
        while waiting:
            row, column = waiting.pop()
            group.append((row, column))
            for near in (
                (row - 1, column),
                (row + 1, column),
                (row, column - 1),
                (row, column + 1),
            ):
                if near in left:
                    left.remove(near)
                    waiting.append(near)
        groups.append(group)
    return groups


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture; it is looked at in 48x48 grey places."),
        threshold: float = Input(
            description="How bright a place of a spot is at least.", default=0.8, ge=0, le=1
        ),
        most: int = Input(description="The most spots to report.", default=10, ge=1, le=20),
    ) -> Spots:
        """Boxes (left, top, right, bottom from 0 to 1) by score, highest first; often none."""
        try:
            with Image.open(image) as opened:
                if opened.mode in ("I", "F"):
                    raise ValueError("more than 16 bits to a channel")
                small = ImageOps.exif_transpose(opened).convert("RGB").resize((SIDE, SIDE))
        except Exception as error:
            raise ValueError("image is not a picture that can be read") from error
        light = np.asarray(small.convert("L"), float) / 255
        found = []
        for group in spots(light >= threshold):
            rows, columns = [row for row, _ in group], [column for _, column in group]
            box = [min(columns), min(rows), max(columns) + 1, max(rows) + 1]
            score = float(np.mean([light[place] for place in group]))
            found.append((round(score, 4), [round(edge / SIDE, 4) for edge in box]))
        found.sort(key=lambda one: (-one[0], one[1]))
        return Spots(
            boxes=[box for _, box in found[:most]], scores=[score for score, _ in found[:most]]
        )
