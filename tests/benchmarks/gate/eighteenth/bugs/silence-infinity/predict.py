"""Measure how loud a recording is."""

import io
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path


class Level(BaseModel):
    peak: float
    average: float
    seconds: float


def read_samples(path: Path) -> tuple[np.ndarray, int, int]:
    """Read the samples of a WAV file of 16 bits, how many channels it has and its rate."""
    try:
        with wave.open(io.BytesIO(path.read_bytes())) as sound:
            width, channels, rate = sound.getsampwidth(), sound.getnchannels(), sound.getframerate()
            frames = sound.readframes(sound.getnframes())
    except Exception as error:
        raise ValueError("this is not a WAV file that can be read") from error
    if width != 2 or rate < 1:
        raise ValueError("only WAV files with 16 bits a sample are taken")
    whole = len(frames) // (2 * channels) * (2 * channels)
    return np.frombuffer(frames[:whole], dtype="<i2").astype(np.float64), channels, rate


def decibels(amplitude: float) -> float:
    """Turn an amplitude into decibels below the loudest that the file can hold."""
    with np.errstate(divide="ignore"):
        return round(float(20 * np.log10(amplitude / 32768)), 2)


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A WAV file with 16 bits a sample and any channels."),
    ) -> Level:
        """Return peak and average level in decibels (0 is the loudest) and the length."""
        samples, channels, rate = read_samples(audio)
        if samples.size == 0:
            raise ValueError("the recording is empty")
        return Level(
            peak=decibels(float(np.abs(samples).max())),
            average=decibels(float(np.sqrt(np.mean(samples**2)))),
            seconds=round(samples.size / channels / rate, 3),
        )
