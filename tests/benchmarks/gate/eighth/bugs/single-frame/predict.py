"""Tells how much moves in the frames of a clip."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image


class Motion(BaseModel):
    frames: int
    average: float
    peak: float


def read_frame(path, edge):
    try:
        with Image.open(path) as opened:
            if opened.mode[0] in "IF":
                raise ValueError("deeper than 8 bits")
            return np.asarray(opened.convert("L").resize((edge, edge)), dtype=np.float64) / 255
    except Exception as error:
        raise ValueError("A frame is not a picture of 8 bits that can be read.") from error


class Predictor(BasePredictor):
    def predict(
        self,
        frames: list[Path] = Input(
            description="The frames in order, one or more, of 8 bits per colour."
        ),
        edge: int = Input(description="Compare at this size.", default=32, ge=4, le=256),
    ) -> Motion:
        """Return the average and the largest change from frame to frame, each from 0 to 1."""
        if not frames:
            raise ValueError("Give at least one frame.")
        total = peak = 0.0
        before = read_frame(frames[0], edge)
        for path in frames[1:]:
            frame = read_frame(path, edge)
            change = float(np.abs(frame - before).mean())
            total += change
            peak = max(peak, change)
            before = frame
        return Motion(frames=len(frames), average=total / (len(frames) - 1), peak=peak)
