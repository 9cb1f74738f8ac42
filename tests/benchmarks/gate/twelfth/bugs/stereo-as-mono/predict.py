"""Voice activity: finds the loud parts of a recording."""

import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

FRAME_MS = 10


class Part(BaseModel):
    start: float
    end: float


def read_sound(path: Path | None) -> tuple[np.ndarray, int]:
    """Samples between -1 and 1, and their rate."""
    if path is None:
        sound = np.sin(np.arange(8000) * 0.4)
        sound[:2000] = 0
        sound[6000:] = 0
        return sound, 8000
    try:
        with wave.open(str(path)) as sound:
            if sound.getsampwidth() != 2 or sound.getnchannels() not in (1, 2):
                raise ValueError
            rate = sound.getframerate()
            data = sound.readframes(min(sound.getnframes(), 1_000_000))
    except Exception as error:
        raise ValueError("not a WAV file of 16 bits") from error
    if not 1000 <= rate <= 96000:
        raise ValueError("between 1000 and 96000 samples a second")
    return np.frombuffer(data[: len(data) // 4 * 4], "<i2") / 32768, rate


class Predictor(BasePredictor):
    def predict(
        self,
        recording: Path | None = Input(
            description="WAV of 16 bits, mono or stereo, of 1000 to 96000 samples a second; the "
            "first million samples count. A tone of ours without one.",
            default=None,
        ),
        threshold_db: float = Input(
            description="Louder frames are voice.", default=-30.0, ge=-80.0, le=0.0
        ),
        min_ms: int = Input(description="Shorter parts are left out.", default=50, ge=10, le=2000),
    ) -> list[Part]:
        """List the loud parts by start and end in seconds from the beginning."""
        sound, rate = read_sound(recording)
        size = rate * FRAME_MS // 1000
        frames = sound[: len(sound) // size * size].reshape(-1, size)
        level = 10 * np.log10(np.maximum((frames**2).mean(axis=1), 1e-12))
        loud = np.concatenate([[False], level > threshold_db, [False]])
        edges = np.flatnonzero(loud[1:] != loud[:-1]).reshape(-1, 2)
        return [
            Part(start=round(first * size / rate, 3), end=round(last * size / rate, 3))
            for first, last in edges.tolist()
            if (last - first) * FRAME_MS >= min_ms
        ]
