"""Makes test tones."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    """Sine and square waves."""

    def predict(
        self,
        frequency: float = Input(description="Hertz.", default=440.0, ge=20.0, le=3000.0),
        seconds: float = Input(
            description="Length; rounded to whole samples.", default=0.5, ge=0.05, le=3.0
        ),
        volume: float = Input(
            description="1 is full scale; above it the tone is clipped, and sounds like it.",
            default=0.8,
            ge=0.0,
            le=4.0,
        ),
        shape: str = Input(description="Form.", default="sine", choices=["sine", "square"]),
        rate: int = Input(
            description="Samples a second.", default=16000, choices=[8000, 16000, 44100]
        ),
        bits: int = Input(description="8 bits hiss.", default=16, choices=[8, 16]),
    ) -> Path:
        """A mono WAV file."""
        phase = np.arange(max(1, round(seconds * rate))) * frequency / rate
        if shape == "sine":
            tone = np.sin(2 * np.pi * phase)
        else:
            tone = np.where(phase % 1.0 < 0.5, 1.0, -1.0)
        tone = np.clip(tone * volume, -1.0, 1.0)
        if bits == 8:
            data = np.rint(128 + tone * 127).astype(np.uint8)
        else:
            data = np.rint(tone * 32767).astype("<i2")
        with (
            tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as out,
            wave.open(out, "wb") as sound,
        ):
            sound.setnchannels(1)
            sound.setsampwidth(bits // 8)
            sound.setframerate(rate)
            sound.writeframes(data.tobytes())
        return Path(out.name)
