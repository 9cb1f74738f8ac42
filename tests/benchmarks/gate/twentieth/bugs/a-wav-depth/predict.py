"""Measures a recording for the drawing of its waveform."""

import wave
from itertools import pairwise

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

SCALES = {1: (np.uint8, 128.0), 2: (np.dtype("<i2"), 32768.0), 4: (np.dtype("<i4"), 2147483648.0)}


def read_audio(path: Path) -> tuple[int, int, int, bytes]:
    """Read rate, channels, bytes a sample and whole frames of a WAV file."""
    if path.stat().st_size > 20_000_000:
        raise ValueError("audio has more than 20 MB")
    try:
        with wave.open(str(path), "rb") as source:
            channels, width, rate, frames = source.getparams()[:4]
            raw = source.readframes(min(frames, path.stat().st_size))
    except Exception as error:
        raise ValueError("audio is not a PCM WAV file that can be read") from error
    if not 1000 <= rate <= 192000 or channels > 2 or width > 4:
        raise ValueError("audio must be mono or stereo, 8 to 32 bits, at 1 to 192 kHz")
    return rate, channels, width, raw[: len(raw) // (channels * width) * channels * width]


class Output(BaseModel):
    seconds: float
    peaks: list[float]


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(
            description="PCM WAV file, mono or stereo, with 8, 16, 24 or 32 bits a sample, "
            "at 1 to 192 kHz, at most 20 MB"
        ),
        bars: int = Input(description="How many bars the drawing has", ge=1, le=500, default=50),
    ) -> Output:
        """Give the length, and for every bar the highest level in its part, from 0 to 1."""
        rate, channels, width, raw = read_audio(audio)
        kind, scale = SCALES[width]
        samples = np.frombuffer(raw, dtype=kind).astype(np.float64).reshape(-1, channels)
        if width == 1:
            samples = samples - 128.0
        levels = np.abs(samples / scale).max(axis=1)
        edges = np.linspace(0, len(levels), bars + 1).astype(int)
        peaks = []
        for start, end in pairwise(edges.tolist()):
            part = levels[start:end]
            peaks.append(round(float(part.max()), 4) if len(part) else 0.0)
        return Output(seconds=len(levels) / rate, peaks=peaks)
