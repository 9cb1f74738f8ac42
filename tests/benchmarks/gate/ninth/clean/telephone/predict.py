"""Makes recordings sound as if they came over a telephone."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

RATE = 8000


def recording(path):
    """Rate and one channel between -1 and 1."""
    try:
        with wave.open(str(path)) as file:
            facts, data = file.getparams(), file.readframes(file.getnframes())
    except Exception as error:
        raise ValueError("audio must be a PCM WAV file") from error
    if facts.sampwidth != 2 or not RATE <= facts.framerate <= 96_000:
        raise ValueError("audio must have 16 bits and 8000 to 96000 samples a second")
    frames = len(data) // (2 * facts.nchannels)
    if frames > 120 * facts.framerate:
        raise ValueError("audio must be two minutes long at most")
    samples = np.frombuffer(data, dtype="<i2", count=frames * facts.nchannels)
    return facts.framerate, samples.reshape(frames, facts.nchannels).mean(axis=1) / 32768


def resampled(sound, rate):
    """Means of the stretches that fall into each sample of 8000 a second."""
    length = sound.size * RATE // rate
    total = np.concatenate([[0.0], np.cumsum(sound)])
    edges = np.arange(length + 1) * rate / RATE
    return np.diff(np.interp(edges, np.arange(sound.size + 1), total)) * RATE / rate


class Predictor(BasePredictor):
    """Loses what a line loses: stereo, high notes, and fine steps."""

    def predict(
        self,
        audio: Path = Input(description="WAV of 16 bits, 8000 a second or more, two minutes."),
        steps: int = Input(
            description="Steps of loudness on each side of silence.", default=127, ge=7, le=127
        ),
    ) -> Path:
        """A mono WAV of 16 bits and 8000 samples a second; a last part sample is dropped."""
        rate, sound = recording(audio)
        line = np.clip(resampled(sound, rate), -1, 1)
        level = np.round(np.log1p(255 * np.abs(line)) / np.log(256) * steps) / steps
        heard = np.sign(line) * np.expm1(level * np.log(256)) / 255
        out = Path(tempfile.mkdtemp()) / "call.wav"
        with wave.open(str(out), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((heard * 32767).round().astype("<i2").tobytes())
        return out
