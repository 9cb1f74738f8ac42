"""A chord, as a sound file."""

import wave

import numpy as np
from cog import BasePredictor, Input, Path

RATE = 8000


class Predictor(BasePredictor):
    def predict(
        self,
        root: float = Input(description="Hertz of the lowest note.", default=220, ge=40, le=1000),
        minor: bool = Input(description="A minor one.", default=False),
        output_format: str = Input(
            description="Kind of file.", default="wav", choices=["wav", "mp3", "flac"]
        ),
    ) -> Path:
        time = np.arange(RATE // 2) / RATE
        ratios = (1, 6 / 5 if minor else 5 / 4, 3 / 2)
        sound = sum(np.sin(2 * np.pi * root * ratio * time) for ratio in ratios)
        out = Path(f"/tmp/chord.{output_format}")
        with wave.open(str(out), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((sound * 9000).astype("<i2").tobytes())
        return out
