"""Beats a minute of a recording (16-bit WAV)."""

import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A WAV file of a second at least."),
        sensitivity: float = Input(description="How weak a beat may be.", default=0.5, ge=0, le=1),
    ) -> int:
        try:
            with wave.open(str(audio)) as file:
                width, channels = file.getsampwidth(), file.getnchannels()
                rate, raw = file.getframerate(), file.readframes(file.getnframes())
        except (wave.Error, EOFError):
            raise ValueError("audio is not a WAV file") from None
        if width != 2:
            raise ValueError("audio must have 16 bits a sample")
        sound = np.frombuffer(raw, "<i2").reshape(-1, channels).mean(axis=1)
        if len(sound) < rate:
            raise ValueError("audio must last a second at least")
        hop = rate // 50
        loud = np.abs(sound[: len(sound) // hop * hop]).reshape(-1, hop).mean(axis=1)
        rises = np.diff(loud)
        onsets = np.flatnonzero(rises > rises.max() * (1 - sensitivity))
        return round(60 / float(np.median(np.diff(onsets)) * hop / rate))
