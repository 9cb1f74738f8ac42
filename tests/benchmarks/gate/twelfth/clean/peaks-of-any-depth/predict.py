"""Waveforms for a player: the peaks of a recording."""

import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

MOST_BYTES = 4_000_000


class Waveform(BaseModel):
    peaks: list[float]
    seconds: float
    channels: int


def samples(data: bytes, width: int) -> np.ndarray:
    """Numbers between -1 and 1 from samples of 1 to 4 bytes; only those of 1 have no sign."""
    if width == 1:
        return (np.frombuffer(data, np.uint8).astype(float) - 128) / 128
    raw = np.frombuffer(data, np.uint8).reshape(-1, width).astype(np.int64)
    numbers = (raw << (8 * np.arange(width))).sum(axis=1)
    half = 1 << (8 * width - 1)
    return ((numbers + half) % (2 * half) - half) / half


class Predictor(BasePredictor):
    def predict(
        self,
        recording: Path | None = Input(
            description="WAV file of plain samples (PCM) of 8 to 32 bits with 1 to 8 channels, up "
            "to 4 MB; a tone of ours without one.",
            default=None,
        ),
        points: int = Input(
            description="Peaks; as many as there are samples if those are fewer.",
            default=20,
            ge=1,
            le=1000,
        ),
        relative: bool = Input(
            description="Scale so that the loudest peak is 1; silence stays 0.", default=False
        ),
        decimals: int = Input(description="Of a peak.", default=3, ge=1, le=6),
    ) -> Waveform:
        """Find the loudest sample of each part, over all channels."""
        if recording is None:
            sound, rate = np.sin(np.arange(4000) * 0.2) * np.linspace(0.1, 1, 4000), 8000
            sound = sound[:, None]
        else:
            sound, rate = self.read(recording)
        parts = np.array_split(np.abs(sound).max(axis=1), min(points, len(sound)))
        peaks = np.array([part.max() for part in parts])
        if relative and peaks.max() > 0:
            peaks /= peaks.max()
        return Waveform(
            peaks=np.round(peaks, decimals).tolist(),
            seconds=round(len(sound) / rate, 3),
            channels=sound.shape[1],
        )

    def read(self, path: Path) -> tuple[np.ndarray, int]:
        """Samples by channel, and their rate. A sample that was cut off does not count."""
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("the recording is larger than 4 MB")
        try:
            with wave.open(str(path)) as sound:
                width, channels = sound.getsampwidth(), sound.getnchannels()
                rate, data = sound.getframerate(), sound.readframes(MOST_BYTES)
        except Exception as error:
            raise ValueError("not a WAV file of plain samples") from error
        whole = len(data) // (width * channels) * width * channels if width * channels else 0
        if not whole or width > 4 or channels > 8 or rate < 1:
            raise ValueError("the recording is empty or of an unusual form")
        return samples(data[:whole], width).reshape(-1, channels), rate
