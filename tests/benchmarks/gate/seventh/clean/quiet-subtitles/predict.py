"""Writes subtitles that mark where somebody speaks in a recording."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


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
    return padded.view("<i4").reshape(-1, channels).mean(axis=1) / 2**31, rate


def stamp(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    second, milliseconds = divmod(milliseconds, 1000)
    return f"{hours:02}:{minutes:02}:{second:02},{milliseconds:03}"


class Predictor(BasePredictor):
    def predict(
        self,
        recording: Path = Input(description="PCM WAV of 8 to 32 bits, at 100 Hz or more"),
        level: float = Input(description="How loud speech is", default=0.02, ge=0.001, le=1),
    ) -> Path:
        """Give an SRT file in steps of a 20 ms frame; it is empty where nobody speaks."""
        samples, rate = read_wav(recording)
        frame = rate // 50
        frames = np.abs(samples[: len(samples) // frame * frame]).reshape(-1, frame)
        loud = np.concatenate([[0], (frames.max(axis=1, initial=0) > level).astype(int), [0]])
        edges = np.flatnonzero(np.diff(loud)) * frame / rate
        cues = [
            f"{number}\n{stamp(start)} --> {stamp(end)}\n(speech)\n"
            for number, (start, end) in enumerate(zip(edges[::2], edges[1::2], strict=True), 1)
        ]
        with tempfile.NamedTemporaryFile("w", suffix=".srt", delete=False) as file:
            file.write("\n".join(cues))
        return Path(file.name)
