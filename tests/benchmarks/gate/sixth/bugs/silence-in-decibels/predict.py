"""How loud a recording is."""

import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path


class Loudness(BaseModel):
    peak_db: float
    mean_db: float
    loud_parts: int


def samples(file: Path) -> tuple[np.ndarray, int]:
    """The first channel, from -1 to 1, and its rate."""
    try:
        with wave.open(str(file)) as sound:
            if sound.getsampwidth() != 2:
                raise ValueError("recording must have samples of 16 bits")
            raw = sound.readframes(sound.getnframes())
            whole = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2")
            return whole[:: sound.getnchannels()] / 32768, sound.getframerate()
    except (wave.Error, EOFError):
        raise ValueError("recording must be a WAV file") from None


class Predictor(BasePredictor):
    def predict(
        self,
        recording: Path = Input(description="A WAV file of 16 bits."),
        gate_db: float = Input(description="What is louder is loud.", default=-20, ge=-90, le=0),
    ) -> Loudness:
        sound, rate = samples(recording)
        if len(sound) == 0:
            raise ValueError("recording must not be empty")
        with np.errstate(divide="ignore"):
            levels = 20 * np.log10(np.abs(sound))
            peak = float(levels.max())
            mean = float(10 * np.log10((sound**2).mean()))
        step = max(1, rate // 10)
        parts = [levels[at : at + step].max() for at in range(0, len(levels), step)]
        return Loudness(
            peak_db=round(peak, 2),
            mean_db=round(mean, 2),
            loud_parts=sum(bool(part > gate_db) for part in parts),
        )
