"""Tells how loud a recording is."""

import math
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

KINDS = {1: "<i1", 2: "<i2", 4: "<i4"}
MOST_BYTES = 20_000_000


class Level(BaseModel):
    """Levels are between 0 (silence) and 1 (full scale)."""

    seconds: float
    channels: int
    bits: int
    peak: float
    level: float
    silent: bool


class Recording:
    """Samples as numbers between -1 and 1."""

    def __init__(self, path: Path) -> None:
        try:
            with wave.open(str(path), "rb") as file:
                self.facts = file.getparams()
                data = file.readframes(MOST_BYTES // 4)
        except Exception as error:
            raise ValueError("recording: this file cannot be read as WAV") from error
        width, channels = self.facts.sampwidth, self.facts.nchannels
        if width not in KINDS or self.facts.framerate < 1:
            raise ValueError("recording: 8, 16 or 32 bits and at least 1 frame a second")
        data = data[: len(data) // (width * channels) * width * channels]
        samples = np.frombuffer(data, KINDS[width]).astype(np.float64)
        self.samples = samples.reshape(-1, channels) / 2.0 ** (8 * width - 1)


MEASURES = {
    "rms": lambda samples: math.sqrt(float(np.mean(samples**2))),
    "mean": lambda samples: float(np.mean(np.abs(samples))),
}


class Predictor(BasePredictor):
    """A level meter."""

    def predict(
        self,
        recording: Path = Input(description="A WAV file of 8, 16 or 32 bits."),
        channel: int = Input(
            description="Which channel; 0 means all. One that there is not is refused.",
            default=0,
            ge=0,
            le=8,
        ),
        measure: str = Input(
            description="What the level is.", default="rms", choices=list(MEASURES)
        ),
        threshold: float = Input(
            description="Below this peak it is silent.", default=0.01, ge=0, le=1
        ),
    ) -> Level:
        """Measure it; a recording without frames is silent."""
        read = Recording(recording)
        samples, facts = read.samples, read.facts
        if channel > facts.nchannels:
            raise ValueError("channel: the recording has fewer channels")
        if channel:
            samples = samples[:, channel - 1 : channel]
        peak = float(np.abs(samples).max()) if samples.size else 0.0
        return Level(
            seconds=round(len(samples) / facts.framerate, 3),
            channels=facts.nchannels,
            bits=facts.sampwidth * 8,
            peak=round(peak, 4),
            level=round(MEASURES[measure](samples), 4) if samples.size else 0.0,
            silent=peak < threshold or peak == 0,
        )
