"""Mixes a recording down to one channel."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(
            description="A WAV file (PCM, 16 bits) of at most 8 channels and 384000 samples per "
            "second."
        ),
        gain: float = Input(
            description="Loudness of the result as a factor. What becomes too loud is clipped.",
            default=1.0,
            ge=0,
            le=4,
        ),
    ) -> Path:
        """A mono WAV file, the mean of the channels, as long as the recording."""
        try:
            with wave.open(str(audio), "rb") as reader:
                parameters = reader.getparams()
                data = reader.readframes(parameters.nframes)
        except Exception as error:
            raise ValueError("audio cannot be read as a WAV file (PCM)") from error
        if parameters.sampwidth != 2 or parameters.nchannels > 8:
            raise ValueError("audio must have 16 bits per sample and at most 8 channels")
        if not 1 <= parameters.framerate <= 384000:
            raise ValueError("audio must have 1 to 384000 samples per second")
        whole = len(data) - len(data) % (2 * parameters.nchannels)
        samples = np.frombuffer(data[:whole], dtype="<i2").reshape(-1, parameters.nchannels)
        mixed = np.clip(np.rint(samples.mean(axis=1) * gain), -32768, 32767).astype("<i2")
        file = Path(tempfile.mkdtemp()) / "mono.wav"
        with wave.open(str(file), "wb") as writer:
            writer.setparams(parameters)
            writer.writeframes(mixed.tobytes())
        return file
