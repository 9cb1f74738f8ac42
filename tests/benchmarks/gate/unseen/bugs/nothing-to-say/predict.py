"""Reads a text aloud, a sentence at a time."""

import re
import wave

import numpy as np
from cog import BasePredictor, Input, Path

RATE = 8000


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="What to say.", default="Hello there. How are you?"),
        speaker: str = Input(description="Who says it.", default="anna", choices=["anna", "ben"]),
        speed: float = Input(description="How fast.", default=1.0, ge=0.5, le=2.0),
    ) -> Path:
        if not text.strip():
            raise ValueError("text must not be empty")
        pitch = 220 if speaker == "anna" else 110
        pieces = []
        for sentence in re.split(r"[.!?]+\s*", text):
            words = re.findall(r"\w+", sentence)
            if words:
                pieces.append(self._tone(pitch, 0.02 * len(words) / speed))
        sound = np.concatenate(pieces)
        with wave.open("/tmp/nothing-to-say.wav", "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((sound * 20000).astype("<i2").tobytes())
        return Path("/tmp/nothing-to-say.wav")

    def _tone(self, pitch: int, seconds: float) -> np.ndarray:
        return np.sin(np.arange(max(1, int(RATE * seconds))) * 2 * np.pi * pitch / RATE)
