"""How loud a recording is, in decibels below full scale."""

import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A WAV file."),
    ) -> float:
        try:
            with wave.open(str(audio)) as sound:
                channels = sound.getnchannels()
                frames = sound.readframes(sound.getnframes())
        except (wave.Error, EOFError):
            raise ValueError("audio must be a WAV file") from None
        samples = np.frombuffer(frames, np.int16).astype(np.float64)
        if not samples.size:
            return -120.0
        mono = samples.reshape(-1, channels).mean(axis=1)
        loud = float(np.sqrt((mono**2).mean())) / 32768
        return round(20 * float(np.log10(max(loud, 1e-6))), 2)
