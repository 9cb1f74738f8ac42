"""The loudest moment of a part of a recording."""

import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A WAV file with 16 bits."),
        start: float = Input(description="Seconds to leave out first.", default=0.0, ge=0, le=600),
    ) -> float:
        try:
            with wave.open(str(audio)) as sound:
                rate, width = sound.getframerate(), sound.getsampwidth()
                channels, frames = sound.getnchannels(), sound.readframes(sound.getnframes())
        except (wave.Error, EOFError):
            raise ValueError("audio must be a WAV file") from None
        if width != 2 or not frames:
            raise ValueError("audio must have samples of 16 bits")
        samples = np.frombuffer(frames, np.int16).reshape(-1, channels).astype(np.float32)
        part = np.abs(samples[int(start * rate) :]).max(axis=1)
        return round(float(part.max()) / 32768, 4)
