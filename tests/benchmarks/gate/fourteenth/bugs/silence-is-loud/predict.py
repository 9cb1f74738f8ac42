"""How loud a recording is."""

import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

SAMPLE_TYPES = {1: np.int8, 2: np.int16, 4: np.int32}


class Loudness(BaseModel):
    """Both from 0 (silence) to 1 (full scale)."""

    peak: float
    mean: float
    seconds: float


def read_samples(path):
    try:
        with wave.open(str(path), "rb") as sound:
            width, channels = sound.getsampwidth(), sound.getnchannels()
            rate, frames = sound.getframerate(), sound.readframes(sound.getnframes())
    except Exception as error:
        raise ValueError("not a WAV file that can be read") from error
    if width not in SAMPLE_TYPES or rate < 1:
        raise ValueError("only WAV files of 8, 16 or 32 bits are taken")
    whole = len(frames) - len(frames) % (width * channels)
    samples = np.frombuffer(frames[:whole], dtype=SAMPLE_TYPES[width])
    return samples.reshape(-1, channels) / float(2 ** (8 * width - 1)), rate


class Predictor(BasePredictor):
    """Measures WAV files."""

    def predict(
        self,
        audio: Path = Input(description="A PCM WAV file with a plain header, of 8, 16 or 32 bits."),
        skip: float = Input(
            description="Seconds to leave out at the start.", default=0.0, ge=0.0, le=60.0
        ),
        digits: int = Input(description="Decimals of the answer.", default=3, ge=1, le=6),
    ) -> Loudness:
        """Peak and mean of the absolute samples over all channels."""
        samples, rate = read_samples(audio)
        samples = np.abs(samples[round(skip * rate) :])
        if samples.size == 0:
            return Loudness(peak=0.0, mean=0.0, seconds=0.0)
        return Loudness(
            peak=round(float(samples.max()), digits),
            mean=round(float(samples.mean()), digits),
            seconds=round(len(samples) / rate, digits),
        )
