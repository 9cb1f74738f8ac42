"""Finds where somebody speaks in a recording."""

import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path


class Speech(BaseModel):
    starts: list[float]
    ends: list[float]
    first_word: float
    spoken: float


def read_wav(path: Path) -> tuple[np.ndarray, int]:
    """Give samples between -1 and 1, mixed to mono, and their rate."""
    try:
        with wave.open(str(path), "rb") as sound:
            channels, width, rate = sound.getparams()[:3]
            raw = sound.readframes(sound.getnframes())
    except Exception as error:
        raise ValueError("the recording is not a WAV file that can be read") from error
    if not 1 <= width <= 4 or rate < 100:
        raise ValueError("the recording must have 8 to 32 bits and 100 Hz or more")
    raw = raw[: len(raw) - len(raw) % (width * channels)]
    padded = np.zeros((len(raw) // width, 4), dtype=np.uint8)
    padded[:, 4 - width :] = np.frombuffer(raw, dtype=np.uint8).reshape(-1, width)
    if width == 1:
        padded[:, 3] ^= 128  # 8 bits have no sign
    values = padded.view("<i4").reshape(-1, channels)
    return values.mean(axis=1) / 2**31, rate


class Predictor(BasePredictor):
    def segments(self, loud: np.ndarray) -> list[tuple[int, int]]:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
        return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]

    def predict(
        self,
        recording: Path = Input(description="PCM WAV file of 8 to 32 bits"),
        level: float = Input(description="How loud speech is", default=0.02, ge=0.001, le=1),
    ) -> Speech:
        samples, rate = read_wav(recording)
        frame = rate // 50
        frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
        found = self.segments(np.abs(frames).max(axis=1) > level)
        times = [(start * frame / rate, end * frame / rate) for start, end in found]
        return Speech(
            starts=[round(start, 3) for start, _ in times],
            ends=[round(end, 3) for _, end in times],
            first_word=round(times[0][0], 3),
            spoken=round(sum(end - start for start, end in times), 3),
        )
