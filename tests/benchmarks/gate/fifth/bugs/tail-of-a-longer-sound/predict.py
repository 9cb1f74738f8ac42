"""A tone, written through a buffer that is made once."""

import wave

import numpy as np
from cog import BasePredictor, Input, Path

RATE = 8000
BLOCK = 1024


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.buffer = np.zeros(RATE * 10 + BLOCK, np.int16)

    def predict(
        self,
        pitch: float = Input(description="Hertz.", default=440.0, ge=20, le=3500),
        duration: float = Input(description="Seconds.", default=1.0, ge=0.1, le=10),
    ) -> Path:
        count = int(duration * RATE)
        time = np.arange(count) / RATE
        self.buffer[:count] = np.sin(2 * np.pi * pitch * time) * 20000
        blocks = -(-count // BLOCK)
        with wave.open("/tmp/tone.wav", "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(self.buffer[: blocks * BLOCK].tobytes())
        return Path("/tmp/tone.wav")
