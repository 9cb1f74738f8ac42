"""Finds the parts of a recording in which there is sound."""

import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

RATE = 16000
FRAME = 320


class Parts(BaseModel):
    duration: float
    starts: list[float]
    ends: list[float]


def read(path: Path) -> tuple[int, np.ndarray]:
    """The rate and the samples from -1 to 1, all channels laid together."""
    try:
        with wave.open(str(path)) as sound:
            facts = sound.getparams()
            raw = sound.readframes(facts.nframes)
    except Exception as error:
        raise ValueError("audio is not a PCM WAV file") from error
    if facts.sampwidth not in (1, 2) or not facts.framerate:
        raise ValueError("audio is not of 8 or 16 bits")
    wide = facts.sampwidth * facts.nchannels
    samples = np.frombuffer(raw[: len(raw) // wide * wide], ("u1", "<i2")[facts.sampwidth - 1])
    level = (samples - 128.0) / 128 if facts.sampwidth == 1 else samples / 32768
    return facts.framerate, level.reshape(-1, facts.nchannels).mean(axis=1)


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A PCM WAV file of 8 or 16 bits, at any sample rate."),
        threshold: float = Input(
            description="Level from which on it counts as sound.", default=0.05, ge=0, le=1
        ),
    ) -> Parts:
        """Where sound starts and ends, in seconds from the beginning, to about 20 ms."""
        rate, samples = read(audio)
        frames = [samples[at : at + FRAME] for at in range(0, len(samples), FRAME)]
        loud = [bool(np.sqrt(np.mean(frame**2)) >= threshold) for frame in frames]
        edges = np.diff(np.array([False, *loud, False]).astype(int))
        second = FRAME / RATE
        return Parts(
            duration=round(len(samples) / rate, 3),
            starts=[round(float(at) * second, 3) for at in np.flatnonzero(edges == 1)],
            ends=[round(float(at) * second, 3) for at in np.flatnonzero(edges == -1)],
        )
