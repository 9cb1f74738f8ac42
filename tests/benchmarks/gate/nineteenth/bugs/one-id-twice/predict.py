"""Follows objects from frame to frame by where they are."""

import json
import math
from typing import Any

from cog import BasePredictor, Input

SAMPLE = "[[[10, 10], [200, 50]], [[14, 11], [195, 52]], [[18, 12], [190, 54], [400, 300]]]"


def is_point(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(one, int | float) and abs(one) <= 1e6 for one in value)
    )


def parse(text: str) -> list[list[list[float]]]:
    try:
        frames = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("frames is not JSON") from None
    if not isinstance(frames, list) or not all(
        isinstance(frame, list) and len(frame) <= 50 and all(map(is_point, frame))
        for frame in frames
    ):
        raise ValueError("frames is not a list of lists of points within a million")
    return frames


class Predictor(BasePredictor):
    def predict(
        self,
        frames: str = Input(
            description="JSON: for each frame a list of at most 50 objects, each [x, y].",
            default=SAMPLE,
            max_length=20000,
        ),
        reach: float = Input(
            description="How far an object moves between frames at most.", default=20, ge=0, le=1000
        ),
    ) -> list[list[int]]:
        """For each frame the ids of its objects, from 1 on: one id is one object.

        An object that a frame lacks has a new id when it comes back.
        """
        tracks: dict[int, list[float]] = {}
        last, results = 0, []
        for frame in parse(frames):
            seen, ids = {}, []
            for point in frame:
                near = min(tracks, key=lambda one: math.dist(tracks[one], point), default=0)
                if not near or math.dist(tracks[near], point) > reach:
                    last += 1
                    near = last
                seen[near] = point
                ids.append(near)
            tracks = seen
            results.append(ids)
        return results
