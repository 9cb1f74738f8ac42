"""Draws the spectrogram of a recording, by way of a scratch file."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


def read_sound(path: Path | None) -> np.ndarray:
    """Samples between -1 and 1; channels are mixed."""
    if path is None:
        return np.sin(np.cumsum(np.linspace(0.05, 2.5, 8000)))
    try:
        with wave.open(str(path)) as sound:
            channels = sound.getnchannels()
            if sound.getsampwidth() != 2 or channels > 2:
                raise ValueError
            data = sound.readframes(min(sound.getnframes(), 400_000))
        usable = len(data) // (2 * channels) * 2 * channels
        return np.frombuffer(data[:usable], "<i2").reshape(-1, channels).mean(axis=1) / 32768
    except Exception as error:
        raise ValueError("not a WAV file of 16 bits, mono or stereo") from error


class Predictor(BasePredictor):
    def predict(
        self,
        recording: Path | None = Input(
            description="WAV of 16 bits, mono or stereo; the first 400,000 samples count, and a "
            "rest shorter than a window does not. Ours without one.",
            default=None,
        ),
        window: int = Input(
            description="Samples of a column.", default=256, choices=[128, 256, 512]
        ),
        range_db: float = Input(
            description="White is the loudest sound, black is this much below it, or silence.",
            default=60.0,
            ge=10.0,
            le=120.0,
        ),
        inverted: bool = Input(description="White for black.", default=False),
    ) -> Path:
        """Return a grey PNG: time from left to right, high sounds above."""
        sound = read_sound(recording)
        columns = len(sound) // window
        if not columns:
            raise ValueError("the recording is shorter than a window")
        with tempfile.TemporaryDirectory() as scratch:
            frames = np.memmap(f"{scratch}/frames", "f4", "w+", shape=(columns, window))
            frames[:] = sound[: columns * window].reshape(columns, window) * np.hanning(window)
            energy = np.abs(np.fft.rfft(frames, axis=1)[:, : window // 2]) ** 2
            del frames
        level = 10 * np.log10(np.maximum(energy, 1e-10))
        grey = np.clip((level - level.max() + range_db) / range_db, 0, 1)
        grey[energy < 1e-10] = 0
        if inverted:
            grey = 1 - grey
        picture = Image.fromarray(np.flipud(np.round(grey * 255).astype(np.uint8).T))
        target = Path(tempfile.mkdtemp()) / "spectrogram.png"
        picture.save(target)
        return target
