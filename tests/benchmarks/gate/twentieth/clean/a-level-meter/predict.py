"""Measures how loud a recording is."""

import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

FLOOR = -120.0


def read_audio(path: Path) -> tuple[int, int, int, bytes]:
    """Read rate, channels, bytes a sample and whole frames of a WAV file."""
    if path.stat().st_size > 20_000_000:
        raise ValueError("audio has more than 20 MB")
    try:
        with wave.open(str(path), "rb") as source:
            channels, width, rate, frames = source.getparams()[:4]
            raw = source.readframes(min(frames, path.stat().st_size))
    except Exception as error:
        raise ValueError("audio is not a PCM WAV file that can be read") from error
    if not 1000 <= rate <= 192000 or channels > 2 or width > 4:
        raise ValueError("audio must be mono or stereo, 8 to 32 bits, at 1 to 192 kHz")
    return rate, channels, width, raw[: len(raw) // (channels * width) * channels * width]


def decode(raw: bytes, width: int) -> np.ndarray:
    """Turn samples of 8, 16, 24 or 32 bits into numbers from -1 to 1."""
    if width == 1:
        return (np.frombuffer(raw, dtype=np.uint8).astype(np.float64) - 128) / 128
    if width == 3:
        padded = np.zeros((len(raw) // 3, 4), dtype=np.uint8)
        padded[:, 1:] = np.frombuffer(raw, dtype=np.uint8).reshape(-1, 3)
        return padded.reshape(-1).view("<i4").astype(np.float64) / 2**31
    return np.frombuffer(raw, dtype=f"<i{width}").astype(np.float64) / 2 ** (8 * width - 1)


def decibels(level: float) -> float:
    """Give a level in dB of full scale, not below the floor."""
    return FLOOR if level < 1e-6 else round(20 * float(np.log10(level)), 2)


class Output(BaseModel):
    seconds: float
    peak: float
    loudness: float


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(
            description="PCM WAV file, mono or stereo, 8 to 32 bits, at 1 to 192 kHz, at most "
            "20 MB; others are refused, and of a file that is cut off what is there counts"
        ),
        channel: str = Input(
            description="Channel to measure; of a mono file it is always the only one",
            choices=["both", "left", "right"],
            default="both",
        ),
    ) -> Output:
        """Give length, peak and loudness (dB of full scale, never below -120, as for silence)."""
        rate, channels, width, raw = read_audio(audio)
        samples = decode(raw, width).reshape(-1, channels)
        seconds = len(samples) / rate
        if channel != "both":
            samples = samples[:, :1] if channel == "left" else samples[:, -1:]
        if not samples.size:
            return Output(seconds=0.0, peak=FLOOR, loudness=FLOOR)
        return Output(
            seconds=seconds,
            peak=decibels(float(np.abs(samples).max())),
            loudness=decibels(float(np.sqrt(np.mean(samples**2)))),
        )
