"""Measures how loud a recording is."""

import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

KINDS = {1: "u1", 2: "<i2", 4: "<i4"}
FLOOR = -120.0


class Loudness(BaseModel):
    peak_db: float
    mean_db: float
    seconds: float


def decibels(level: float) -> float:
    return max(FLOOR, 20 * float(np.log10(max(level, 1e-9))))


def read(path: Path) -> tuple[int, int, int, bytes]:
    try:
        with wave.open(str(path)) as sound:
            facts = sound.getparams()
            raw = sound.readframes(facts.nframes)
    except Exception as error:
        raise ValueError("audio is not a PCM WAV file") from error
    if facts.sampwidth > 4 or not facts.framerate:
        raise ValueError("audio has a sample width or rate that is not supported")
    whole = len(raw) // (facts.sampwidth * facts.nchannels) * facts.sampwidth * facts.nchannels
    return facts.nchannels, facts.sampwidth, facts.framerate, raw[:whole]


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A PCM WAV file of 8, 16, 24 or 32 bits, mono or not."),
    ) -> Loudness:
        """Peak and mean in decibels below full scale; silence is -120."""
        channels, width, rate, raw = read(audio)
        samples = np.frombuffer(raw, KINDS[width]).astype(np.float64)
        if not samples.size:
            raise ValueError("audio holds no samples")
        samples = (samples - 128) / 128 if width == 1 else samples / 2 ** (8 * width - 1)
        return Loudness(
            peak_db=round(decibels(float(np.abs(samples).max())), 2),
            mean_db=round(decibels(float(np.sqrt(np.mean(samples**2)))), 2),
            seconds=round(samples.size / channels / rate, 3),
        )
