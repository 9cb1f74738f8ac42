"""How loud one channel of a recording is."""

import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A WAV file of 16 bits."),
        channel: str = Input(description="Channel.", default="left", choices=["left", "right"]),
    ) -> float:
        try:
            with wave.open(str(audio)) as sound:
                count, width = sound.getnchannels(), sound.getsampwidth()
                frames = sound.readframes(sound.getnframes())
        except (wave.Error, EOFError):
            raise ValueError("audio is not a WAV file") from None
        if width != 2:
            raise ValueError("audio must have samples of 16 bits")
        samples = np.frombuffer(frames, np.int16).reshape(-1, count)
        if not len(samples):
            raise ValueError("audio has no sound in it")
        one = samples[:, 0 if channel == "left" else 1].astype(np.float64)
        return float(np.sqrt(np.mean(one**2)) / 32768)
