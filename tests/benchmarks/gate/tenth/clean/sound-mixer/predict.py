"""Lays one sound over another."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

MAX_SECONDS = 60


def read(path: Path, name: str) -> tuple[np.ndarray, int]:
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getparams()[:3]
            if width != 2 or channels not in (1, 2) or not 8000 <= rate <= 48_000:
                raise ValueError("unsupported")
            raw = file.readframes(min(file.getnframes(), MAX_SECONDS * rate + 1))
    except Exception as error:
        kinds = "16 bit PCM WAV, mono or stereo, 8000 to 48000 Hz"
        raise ValueError(f"{name}: only {kinds} can be read") from error
    frames = len(raw) // (2 * channels)
    if not 0 < frames <= MAX_SECONDS * rate:
        raise ValueError(f"{name}: empty, or longer than {MAX_SECONDS} seconds")
    data = np.frombuffer(raw[: frames * 2 * channels], "<i2").reshape(-1, channels)
    return np.repeat(data / 32768, 2 // channels, axis=1), rate


def resample(sound: np.ndarray, old: int, new: int) -> np.ndarray:
    if old == new or not len(sound):
        return sound
    times = np.arange(round(len(sound) * new / old)) * old / new
    return np.stack([np.interp(times, np.arange(len(sound)), side) for side in sound.T], axis=1)


class Predictor(BasePredictor):
    def predict(
        self,
        first: Path = Input(description="Sound A (16 bit WAV, at most a minute)"),
        second: Path = Input(description="Sound B, the same; brought to the sample rate of A"),
        start: float = Input(
            description="Where B sets in, in seconds from the start of A", default=0, ge=0, le=60
        ),
        balance: float = Input(
            description="-1: only A, 0: both as they are, 1: only B", default=0, ge=-1, le=1
        ),
        length: str = Input(
            description="Of the result: until both are over, or as long as A",
            default="both",
            choices=["both", "first"],
        ),
        fade_out: float = Input(description="Fade at the end (s)", default=0, ge=0, le=10),
    ) -> Path:
        """Stereo, 16 bits. Made quieter as a whole where the sum would clip."""
        one, rate = read(first, "first")
        two = resample(*read(second, "second"), rate)
        offset = round(start * rate)
        total = len(one) if length == "first" else max(len(one), offset + len(two))
        mix = np.zeros((total, 2))
        mix[: len(one)] += one * min(1, 1 - balance)
        mix[offset : offset + len(two)] += two[: max(0, total - offset)] * min(1, 1 + balance)
        faded = min(total, round(fade_out * rate))
        if faded:
            mix[-faded:] *= np.linspace(1, 0, faded)[:, None]
        peak = np.abs(mix).max(initial=0)
        if peak > 1:
            print(f"sum peaks at {peak:.2f}, scaled down")
            mix /= peak
        path = Path(tempfile.mkdtemp()) / "mix.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((2, 2, rate, 0, "NONE", ""))
            file.writeframes(np.clip(np.round(mix * 32768), -32768, 32767).astype("<i2").tobytes())
        return path
