"""Make a test tone as a sound file."""

import io
import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

RATE = 16_000


class Predictor(BasePredictor):
    def predict(
        self,
        frequency: float = Input(
            description="The pitch of the tone in hertz.", default=440, ge=20, le=7000
        ),
        seconds: float = Input(description="How long it sounds.", default=0.5, ge=0.05, le=5),
        volume: float = Input(
            description="The height of the wave; 1 is the loudest.", default=0.5, ge=0, le=1
        ),
        bits: int = Input(description="Bits of a sample.", default=16, choices=[16, 24]),
    ) -> Path:
        """Return a WAV file of one channel with 16000 samples a second."""
        moments = np.arange(round(seconds * RATE)) / RATE
        tone = volume * np.sin(2 * np.pi * frequency * moments)
        if bits == 16:
            frames = (tone * (2**15 - 1)).round().astype("<i2").tobytes()
        else:
            frames = (tone * (2**23 - 1)).round().astype("<i4").tobytes()
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(bits // 8)
            sound.setframerate(RATE)
            sound.writeframes(frames)
        with tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file:
            file.write(buffer.getvalue())
        return Path(file.name)
