"""A recording faded in and out."""

import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A WAV file of 16 bits, one channel."),
        fade: float = Input(description="Seconds, at either end.", default=0.01, ge=0, le=10),
    ) -> Path:
        try:
            with wave.open(str(audio)) as sound:
                rate, about = sound.getframerate(), sound.getparams()
                frames = sound.readframes(sound.getnframes())
        except (wave.Error, EOFError):
            raise ValueError("audio is not a WAV file") from None
        if about.sampwidth != 2 or about.nchannels != 1:
            raise ValueError("audio must have one channel of 16 bits")
        samples = np.frombuffer(frames, np.int16).astype(np.float64)
        if not len(samples):
            raise ValueError("audio has no sound in it")
        n = int(fade * rate)
        if n:
            samples[:n] *= np.linspace(0, 1, n)
            samples[-n:] *= np.linspace(1, 0, n)
        out = Path("/tmp/faded.wav")
        with wave.open(str(out), "wb") as made:
            made.setparams(about)
            made.writeframes(samples.astype(np.int16).tobytes())
        return out
