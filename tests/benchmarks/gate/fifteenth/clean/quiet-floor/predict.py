"""Measure the loudness of a recording over time."""

import struct
import wave

import numpy as np
from cog import BasePredictor, Input, Path

FLOOR = -96.0


def samples(path: Path) -> tuple[np.ndarray, int]:
    """Samples between -1 and 1, the channels averaged, and the rate."""
    try:
        with wave.open(str(path), "rb") as source:
            width, channels = source.getsampwidth(), source.getnchannels()
            rate = source.getframerate()
            raw = source.readframes(source.getnframes())
    except (wave.Error, EOFError, RuntimeError, struct.error) as error:
        raise ValueError("audio must be a PCM WAV file") from error
    if not 1 <= width <= 4 or rate < 1:
        raise ValueError("audio must have 8, 16, 24 or 32 bits and a rate")
    frame = width * channels
    octets = np.frombuffer(raw[: len(raw) // frame * frame], dtype=np.uint8).reshape(-1, width)
    if width == 1:
        octets = octets ^ 0x80  # the only width without a sign
    wide = np.zeros((len(octets), 4), dtype=np.uint8)
    wide[:, 4 - width :] = octets
    values = wide.view("<i4").reshape(-1, channels).mean(axis=1) / 2**31
    return values, rate


class Predictor(BasePredictor):
    """Loudness for meters."""

    def predict(
        self,
        audio: Path = Input(description="A PCM WAV file of 8 to 32 bits; all else is refused"),
        window_ms: int = Input(description="Length of a stretch", default=100, ge=10, le=5000),
        points: int = Input(
            description="At most so many stretches, the rest is left out", default=50, ge=1, le=500
        ),
    ) -> list[float]:
        """Give decibels below full, -96 for silence and below; an empty recording has none."""
        values, rate = samples(audio)
        step = max(1, rate * window_ms // 1000)
        levels = []
        for start in range(0, min(len(values), step * points), step):
            power = float(np.mean(values[start : start + step] ** 2))
            level = 10 * np.log10(power) if power > 1e-12 else FLOOR
            levels.append(round(max(FLOOR, float(level)), 2))
        return levels
