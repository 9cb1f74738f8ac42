"""Measures how loud a recording is."""

import math
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

SAMPLES = {1: "i1", 2: "<i2", 4: "<i4"}


class Loudness(BaseModel):
    """Peak as a part of full scale; level in dB below full scale, -120 for silence."""

    seconds: float
    peak: float
    level_db: float


def recording(path):
    """Rate, channels and samples between -1 and 1."""
    try:
        with wave.open(str(path)) as file:
            facts, data = file.getparams(), file.readframes(file.getnframes())
    except Exception as error:
        raise ValueError("audio must be a PCM WAV file") from error
    if facts.sampwidth not in SAMPLES or facts.framerate < 1:
        raise ValueError("audio must have 8, 16 or 32 bits")
    frame = facts.sampwidth * facts.nchannels
    samples = np.frombuffer(data[: len(data) // frame * frame], dtype=SAMPLES[facts.sampwidth])
    scaled = samples.astype(np.float64) / 2 ** (8 * facts.sampwidth - 1)
    return facts.framerate, facts.nchannels, scaled


class Predictor(BasePredictor):
    """For checking that a batch of recordings can be mixed."""

    def predict(
        self, audio: Path = Input(description="PCM WAV of 8, 16 or 32 bits, any channels.")
    ) -> Loudness:
        """Its length, peak and level over all channels."""
        rate, channels, samples = recording(audio)
        peak = float(np.abs(samples).max(initial=0.0))
        power = float(np.mean(samples**2)) if samples.size else 0.0
        level = max(-120.0, 10 * math.log10(power)) if power else -120.0
        return Loudness(
            seconds=round(samples.size / channels / rate, 4),
            peak=round(peak, 4),
            level_db=round(level, 2),
        )
