"""The beginning of a recording, faded out."""

import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        recording: Path = Input(description="A WAV file of 16 bits."),
        seconds: float = Input(
            description="How much to keep; a shorter recording is kept whole.",
            default=0.5,
            ge=0.1,
            le=30,
        ),
        fade: float = Input(description="Seconds of fading out.", default=0.05, ge=0, le=1),
    ) -> Path:
        try:
            with wave.open(str(recording)) as sound:
                facts = sound.getparams()
                raw = sound.readframes(facts.nframes)
        except (wave.Error, EOFError):
            raise ValueError("recording must be a WAV file") from None
        if facts.sampwidth != 2 or not facts.framerate:
            raise ValueError("recording must have samples of 16 bits")
        whole = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2")
        samples = whole[: round(seconds * facts.framerate)].copy()
        length = min(len(samples), round(fade * facts.framerate))
        if length:
            samples[-length:] = samples[-length:] * np.linspace(1, 0, length)
        with wave.open("/tmp/start.wav", "wb") as out:
            out.setparams(facts)
            out.writeframes(samples.astype("<i2").tobytes())
        return Path("/tmp/start.wav")
