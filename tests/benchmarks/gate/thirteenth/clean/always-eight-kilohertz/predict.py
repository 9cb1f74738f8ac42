"""Makes telephone sound of recordings: 8 kHz, mono, 8 bits, with the noise that brings."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

RATE = 8000


def samples(data: bytes, width: int) -> np.ndarray:
    """Values from -1 to 1."""
    if width == 1:
        return np.frombuffer(data, np.uint8) / 128.0 - 1.0
    if width == 2:
        return np.frombuffer(data, "<i2") / 32768.0
    raise ValueError("audio must have 8 or 16 bits")


class Predictor(BasePredictor):
    """Resamples by the nearest frames."""

    def predict(
        self,
        audio: Path = Input(
            description="A WAV file of 8 or 16 bits and 1 to 8 channels, from 1 to 192 kHz and at "
            "most ten minutes long."
        ),
        loudness: float = Input(
            description="Factor; what gets too loud is clipped.", default=1.0, ge=0.0, le=8.0
        ),
    ) -> Path:
        """A WAV of 8000 Hz, 8 bits and one channel, the mean of all; as long, to a sample."""
        try:
            with wave.open(str(audio), "rb") as opened:
                channels, width, rate, frames = opened.getparams()[:4]
                data = opened.readframes(min(frames, 600 * 192_000))
        except (wave.Error, EOFError, OSError, RuntimeError):
            raise ValueError("audio is not a WAV file that can be read") from None
        if not 1000 <= rate <= 192_000 or channels > 8:
            raise ValueError("audio must have 1 to 8 channels and 1 to 192 kHz")
        whole = len(data) // (channels * width)
        if whole > 600 * rate:
            raise ValueError("audio must be at most ten minutes long")
        sound = samples(data[: whole * channels * width], width).reshape(-1, channels).mean(axis=1)
        places = np.arange(round(whole * RATE / rate)) * rate // RATE
        thin = sound[np.minimum(places, whole - 1)] if whole else sound
        made = np.clip(np.rint(thin * loudness * 128.0 + 128.0), 0, 255).astype(np.uint8)
        with (
            tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file,
            wave.open(file, "wb") as out,
        ):
            out.setnchannels(1)
            out.setsampwidth(1)
            out.setframerate(RATE)
            out.writeframes(made.tobytes())
        return Path(file.name)
