"""Brings a recording to an even volume and mixes it to mono."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


def read_wav(path: Path) -> tuple[np.ndarray, int]:
    """Give samples between -1 and 1 and their rate."""
    try:
        with wave.open(str(path), "rb") as sound:
            channels, width, rate = sound.getparams()[:3]
            raw = sound.readframes(sound.getnframes())
    except Exception as error:
        raise ValueError("the recording is not a WAV file that can be read") from error
    if not 1 <= width <= 4 or channels > 2 or rate < 1:
        raise ValueError("the recording must be mono or stereo, with 8 to 32 bits")
    raw = raw[: len(raw) - len(raw) % (width * channels)]
    padded = np.zeros((len(raw) // width, 4), dtype=np.uint8)
    padded[:, 4 - width :] = np.frombuffer(raw, dtype=np.uint8).reshape(-1, width)
    if width == 1:
        padded[:, 3] ^= 128  # 8 bits have no sign
    return padded.view("<i4").ravel() / 2**31, rate


class Predictor(BasePredictor):
    def predict(
        self,
        recording: Path = Input(description="PCM WAV file, mono or stereo, 8 to 32 bits"),
        peak: float = Input(description="Loudest sample of the result", default=0.8, ge=0.1, le=1),
    ) -> Path:
        """Give a mono WAV of 16 bits that lasts as long as the recording."""
        samples, rate = read_wav(recording)
        loudest = np.abs(samples).max(initial=0)
        if loudest > 0:
            samples = samples / loudest * peak
        with (
            tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file,
            wave.open(file, "wb") as sound,
        ):
            sound.setparams((1, 2, rate, 0, "NONE", "not compressed"))
            sound.writeframes((samples * 32767).round().astype("<i2").tobytes())
        return Path(file.name)
