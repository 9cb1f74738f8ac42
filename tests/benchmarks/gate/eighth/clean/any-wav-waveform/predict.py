"""Draws the outline of a recording."""

import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path


class Outline(BaseModel):
    channels: int
    samples: int
    peaks: list[float]


def decode(body, width):
    body = body[: len(body) // width * width]
    if width == 1:
        return (np.frombuffer(body, dtype=np.uint8).astype(np.float64) - 128) / 128
    bytes_ = np.frombuffer(body, dtype=np.uint8).reshape(-1, width)
    wide = np.zeros((len(bytes_), 4), dtype=np.uint8)
    wide[:, 4 - width :] = bytes_
    return wide.reshape(-1).view("<i4").astype(np.float64) / 2147483648


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(
            description="A WAV file of whole numbers of 8 to 32 bits; others are refused."
        ),
        points: int = Input(description="How many peaks to return.", default=32, ge=1, le=1000),
    ) -> Outline:
        """Return the largest level in each stretch, all channels together, from 0 to 1."""
        try:
            with wave.open(str(audio), "rb") as file:
                channels, width = file.getnchannels(), file.getsampwidth()
                body = file.readframes(file.getnframes())
        except Exception as error:
            raise ValueError("The file is not a WAV file that can be read.") from error
        if not 1 <= width <= 4:
            raise ValueError("Samples must have 8 to 32 bits.")
        samples = np.abs(decode(body[: len(body) // (width * channels) * width * channels], width))
        loudest = samples.reshape(-1, channels).max(axis=1)
        stretches = np.array_split(loudest, points)
        peaks = [float(stretch.max()) if len(stretch) else 0.0 for stretch in stretches]
        return Outline(channels=channels, samples=len(loudest), peaks=peaks)
