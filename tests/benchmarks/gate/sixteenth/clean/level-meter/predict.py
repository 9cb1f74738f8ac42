"""Measures how loud a recording is."""

import math
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

FLOOR_DB = -120.0


class Output(BaseModel):
    seconds: float
    peak_db: float
    mean_db: float
    channels: list[float]


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(
            description="A WAV file (PCM) of 8, 16, 24 or 32 bits. One that breaks off early is "
            "measured as far as it goes."
        ),
        digits: int = Input(description="Decimals of the results.", default=2, ge=0, le=4),
    ) -> Output:
        """Levels in dB: 0 is the loudest possible sample, what is less loud is negative.

        Peak and mean (root mean square) go over all channels; then follows the peak of each.
        Silence has -120, and so has a recording without samples. The offset that a recording may
        have is not taken away.
        """
        samples, rate = read(audio)
        squares = float((samples**2).mean()) if samples.size else 0.0
        peaks = np.abs(samples).max(axis=0, initial=0.0)
        return Output(
            seconds=round(len(samples) / rate, digits),
            peak_db=rounded(decibels(float(peaks.max())), digits),
            mean_db=rounded(decibels(math.sqrt(squares)), digits),
            channels=[rounded(decibels(float(peak)), digits) for peak in peaks],
        )


def decibels(amplitude: float) -> float:
    return max(20 * math.log10(amplitude), FLOOR_DB) if amplitude else FLOOR_DB


def rounded(level: float, digits: int) -> float:
    return round(level, digits) + 0.0  # not -0.0


def read(path: Path) -> tuple[np.ndarray, int]:
    """Samples from -1 to 1, a column for each channel."""
    try:
        with wave.open(str(path), "rb") as reader:
            width, channels, rate = (
                reader.getsampwidth(), reader.getnchannels(), reader.getframerate()
            )  # fmt: skip
            data = reader.readframes(reader.getnframes())
        if width not in (1, 2, 3, 4) or rate < 1:
            raise ValueError("outside the limits")
    except Exception as error:
        raise ValueError("audio cannot be read as a WAV file of 8, 16, 24 or 32 bits") from error
    raw = np.frombuffer(data[: len(data) - len(data) % (width * channels)], dtype=np.uint8)
    raw = raw.reshape(-1, width)
    if width == 1:
        raw = raw ^ 0x80
    padded = np.zeros((len(raw), 4), dtype=np.uint8)
    padded[:, 4 - width :] = raw
    return padded.view("<i4").reshape(-1, channels) / 2.0**31, rate
