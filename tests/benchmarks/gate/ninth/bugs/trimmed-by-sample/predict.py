"""Cuts silence off both ends of a recording."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


def recording(path):
    """Its parameters and samples, as they are interleaved in the file."""
    try:
        with wave.open(str(path)) as file:
            facts, data = file.getparams(), file.readframes(file.getnframes())
    except Exception as error:
        raise ValueError("audio must be a PCM WAV file") from error
    if facts.sampwidth != 2 or facts.nchannels > 2:
        raise ValueError("audio must have 16 bits and one or two channels")
    if not 1 <= facts.framerate <= 192_000:
        raise ValueError("audio must have 192000 samples a second at most")
    whole = len(data) // (2 * facts.nchannels) * facts.nchannels
    return facts, np.frombuffer(data, dtype="<i2", count=whole)


class Predictor(BasePredictor):
    """Leaves pauses within the recording alone."""

    def predict(
        self,
        audio: Path = Input(description="WAV of 16 bits, mono or stereo."),
        threshold: float = Input(
            description="What is below this part of full scale is silence.",
            default=0.01,
            ge=0,
            le=0.5,
        ),
    ) -> Path:
        """A WAV from the first sound to the last; empty if there is only silence."""
        facts, samples = recording(audio)
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > threshold * 32767)
        kept = samples[loud[0] : loud[-1] + 1] if loud.size else samples[:0]
        out = Path(tempfile.mkdtemp()) / "trimmed.wav"
        with wave.open(str(out), "wb") as file:
            file.setnchannels(facts.nchannels)
            file.setsampwidth(2)
            file.setframerate(facts.framerate)
            file.writeframes(kept.tobytes())
        return out
