"""Measure how loud a recording is."""

import struct
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

SCALES = {1: 128.0, 2: 32768.0, 4: 2147483648.0}


class Output(BaseModel):
    """What was measured."""

    seconds: float
    peak: float
    level_db: float


def samples(path: Path) -> tuple[np.ndarray, int]:
    """All samples between -1 and 1, channels averaged, and the rate."""
    try:
        with wave.open(str(path), "rb") as source:
            width, channels, rate = (
                source.getsampwidth(),
                source.getnchannels(),
                source.getframerate(),
            )
            raw = source.readframes(source.getnframes())
    except (wave.Error, EOFError, RuntimeError, struct.error) as error:
        raise ValueError("audio must be a PCM WAV file") from error
    if width not in SCALES or rate <= 0:
        raise ValueError("audio must have 8, 16 or 32 bits and a rate above 0")
    raw = raw[: len(raw) // (width * channels) * width * channels]
    kind = {1: np.uint8, 2: "<i2", 4: "<i4"}[width]
    values = np.frombuffer(raw, dtype=kind).astype(np.float64)
    if width == 1:
        values -= 128
    return values.reshape(-1, channels).mean(axis=1) / SCALES[width], rate


class Predictor(BasePredictor):
    """Loudness of a WAV file."""

    def predict(
        self,
        audio: Path = Input(description="A PCM WAV file of 8, 16 or 32 bits, not empty"),
        offset_db: float = Input(description="Added to the level", default=0.0, ge=-40, le=40),
    ) -> Output:
        """Measure the whole recording."""
        values, rate = samples(audio)
        if not len(values):
            raise ValueError("audio holds no samples")
        rms = np.sqrt(np.mean(values**2))
        with np.errstate(divide="ignore"):
            level = 20 * np.log10(rms) + offset_db
        return Output(
            seconds=len(values) / rate,
            peak=float(np.abs(values).max()),
            level_db=float(level),
        )
