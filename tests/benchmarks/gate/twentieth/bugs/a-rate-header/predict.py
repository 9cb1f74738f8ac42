"""Makes test tones."""

import os
import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

SAMPLE_RATE = 22050


def tone(shape: str, phase: np.ndarray) -> np.ndarray:
    """Give the wave at these phases, from -1 to 1."""
    if shape == "square":
        return np.where(phase % 1.0 < 0.5, 1.0, -1.0)
    if shape == "saw":
        return 2.0 * (phase % 1.0) - 1.0
    return np.sin(2 * np.pi * phase)


class Predictor(BasePredictor):
    def predict(
        self,
        frequency: float = Input(
            description="Pitch of the tone in Hz", ge=50, le=2000, default=440
        ),
        seconds: float = Input(description="Length of the tone", ge=0.1, le=5, default=0.5),
        shape: str = Input(
            description="Shape of the wave", choices=["sine", "square", "saw"], default="sine"
        ),
        volume: float = Input(
            description="From 0, silence, to 1, full scale", ge=0, le=1, default=0.5
        ),
        sample_rate: int = Input(
            description="Samples a second of the file",
            choices=[8000, 16000, 22050, 44100],
            default=22050,
        ),
    ) -> Path:
        """Make a mono WAV file of 16 bits with the tone."""
        times = np.arange(round(seconds * sample_rate)) / sample_rate
        samples = tone(shape, times * frequency) * volume * 32767
        handle, name = tempfile.mkstemp(suffix=".wav")
        os.close(handle)
        with wave.open(name, "wb") as target:
            target.setnchannels(1)
            target.setsampwidth(2)
            target.setframerate(SAMPLE_RATE)
            target.writeframes(samples.round().astype("<i2").tobytes())
        return Path(name)
