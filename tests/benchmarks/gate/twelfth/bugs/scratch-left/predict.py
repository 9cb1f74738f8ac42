"""Loudness of a recording, from frames kept on disk while they are worked on."""

import shutil
import tempfile
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

RATE = 8000


class Loudness(BaseModel):
    frames: int
    mean_db: float
    bands_db: list[float] | None = None


def read_sound(path: Path | None) -> np.ndarray:
    """Mono samples between -1 and 1."""
    if path is None:
        return np.sin(np.arange(RATE) * 0.3) * np.linspace(0, 1, RATE)
    try:
        with wave.open(str(path)) as sound:
            if sound.getsampwidth() != 2 or sound.getnchannels() != 1:
                raise ValueError
            data = sound.readframes(min(sound.getnframes(), 600_000))
        return np.frombuffer(data[: len(data) // 2 * 2], "<i2") / 32768
    except Exception as error:
        raise ValueError("not a mono WAV file of 16 bits") from error


def decibels(energy: np.ndarray, floor: float) -> np.ndarray:
    """Energy on a scale of decibels, not below the floor."""
    return np.maximum(10 * np.log10(np.maximum(energy, 1e-12)), floor)


class Predictor(BasePredictor):
    def predict(
        self,
        recording: Path | None = Input(
            description="Mono WAV of 16 bits; the first 600,000 samples count. Ours without one.",
            default=None,
        ),
        window: int = Input(description="Samples of a frame.", default=512, choices=[256, 512]),
        floor_db: float = Input(description="Lowest level.", default=-80.0, ge=-120, le=-20),
        detail: str = Input(
            description="What to return.", default="summary", choices=["summary", "bands"]
        ),
    ) -> Loudness:
        """Measure the loudness."""
        sound = read_sound(recording)
        count = len(sound) // window
        if not count:
            raise ValueError("the recording is shorter than a frame")
        scratch = Path(tempfile.mkdtemp(prefix="frames-"))
        frames = np.lib.format.open_memmap(scratch / "frames.npy", "w+", float, (count, window))
        frames[:] = sound[: count * window].reshape(count, window)
        level = float(decibels((frames**2).mean(axis=1), floor_db).mean())
        if detail == "summary":
            return Loudness(frames=count, mean_db=round(level, 2))
        spectrum = (np.abs(np.fft.rfft(frames, axis=1)) / window) ** 2
        bands = [part.sum(axis=1) for part in np.array_split(spectrum, 4, axis=1)]
        levels = [round(float(decibels(band, floor_db).mean()), 2) for band in bands]
        shutil.rmtree(scratch)
        return Loudness(frames=count, mean_db=round(level, 2), bands_db=levels)
