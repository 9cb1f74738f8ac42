"""Draw the envelope of a recording as numbers."""

import struct
import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    """Volume over time, for a waveform on a page."""

    def predict(
        self,
        audio: Path = Input(description="A PCM WAV file of 16 bits, of any rate"),
        points_per_second: int = Input(
            description="How fine the contour is", default=20, ge=1, le=20000
        ),
        smooth: bool = Input(description="Average neighbouring points", default=False),
    ) -> list[float]:
        """Peaks between 0 and 1, one for each stretch of time."""
        try:
            with wave.open(str(audio), "rb") as source:
                width, channels = source.getsampwidth(), source.getnchannels()
                rate = source.getframerate()
                raw = source.readframes(source.getnframes())
        except (wave.Error, EOFError, RuntimeError, struct.error) as error:
            raise ValueError("audio must be a PCM WAV file") from error
        if width != 2:
            raise ValueError("audio must have 16 bits")
        if rate < 1:
            raise ValueError("audio tells no rate")
        raw = raw[: len(raw) // (2 * channels) * 2 * channels]
        track = np.frombuffer(raw, dtype="<i2").reshape(-1, channels).astype(np.float64)
        loud = np.abs(track).max(axis=1) / 32768
        per_point = rate // points_per_second
        count = -(-len(loud) // per_point)
        points = [float(loud[i * per_point : (i + 1) * per_point].max()) for i in range(count)]
        if smooth and len(points) > 2:
            inner = [sum(points[i - 1 : i + 2]) / 3 for i in range(1, len(points) - 1)]
            points = [points[0], *inner, points[-1]]
        return [round(point, 4) for point in points]
