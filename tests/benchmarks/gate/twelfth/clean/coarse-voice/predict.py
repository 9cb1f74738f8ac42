"""Telephone sound: a lossy logarithmic codec, there and back."""

import tempfile
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path


class Voice(BaseModel):
    audio: Path
    noise_db: float


def read_sound(path: Path | None) -> tuple[np.ndarray, int]:
    """Samples between -1 and 1, and their rate."""
    if path is None:
        return np.sin(np.arange(4000) * 0.2) * np.linspace(0, 1, 4000), 8000
    try:
        with wave.open(str(path)) as sound:
            if sound.getsampwidth() != 2 or sound.getnchannels() != 1:
                raise ValueError
            rate = sound.getframerate()
            data = sound.readframes(min(sound.getnframes(), 500_000))
        samples = np.frombuffer(data[: len(data) // 2 * 2], "<i2") / 32768
    except Exception as error:
        raise ValueError("not a mono WAV file of 16 bits") from error
    if not len(samples) or not 1 <= rate <= 192_000:
        raise ValueError("the recording is empty, or of more than 192000 samples a second")
    return samples, rate


class Predictor(BasePredictor):
    def predict(
        self,
        recording: Path | None = Input(
            description="Mono WAV of 16 bits; the first 500,000 samples count. Ours without one.",
            default=None,
        ),
        bits: int = Input(
            description="Of a sample in between; fewer are coarser.", default=8, ge=3, le=10
        ),
        bend: float = Input(
            description="How much finer quiet sound is kept.", default=255.0, ge=1.0, le=1000.0
        ),
        clip_db: float = Input(
            description="Louder samples are clipped.", default=0.0, ge=-40.0, le=0.0
        ),
    ) -> Voice:
        """Return WAV of the same length and rate, and the noise that was added, -120 at least."""
        sound, rate = read_sound(recording)
        top = 10 ** (clip_db / 20)
        clipped = np.clip(sound, -top, top) / top
        bent = np.sign(clipped) * np.log1p(bend * np.abs(clipped)) / np.log1p(bend)
        steps = 2 ** (bits - 1) - 1
        coarse = np.round(bent * steps) / steps
        back = np.sign(coarse) * np.expm1(np.abs(coarse) * np.log1p(bend)) / bend * top
        noise = float(np.mean((back - sound) ** 2))
        target = Path(tempfile.mkdtemp()) / "voice.wav"
        with wave.open(str(target), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(rate)
            out.writeframes(np.round(np.clip(back, -1, 1) * 32767).astype("<i2").tobytes())
        return Voice(audio=target, noise_db=round(10 * np.log10(max(noise, 1e-12)), 2).item())
