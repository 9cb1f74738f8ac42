"""The loudest moment of a recording."""

import wave

import numpy as np
from cog import BasePredictor, Input, Path

KINDS = {1: np.uint8, 2: np.int16, 4: np.int32}


class Predictor(BasePredictor):
    def predict(self, audio: Path = Input(description="A WAV file.")) -> float:
        try:
            with wave.open(str(audio)) as sound:
                width, rate = sound.getsampwidth(), sound.getframerate()
                channels = sound.getnchannels()
                frames = sound.readframes(sound.getnframes())
        except (wave.Error, EOFError):
            raise ValueError("audio is not a WAV file") from None
        if not frames:
            raise ValueError("audio has no sound in it")
        samples = np.frombuffer(frames, KINDS[width]).astype(np.float64)
        if width == 1:
            samples -= 128
        return float(np.argmax(np.abs(samples)) // channels / rate)
