"""Mixes a recording to mono and writes it with fewer bits."""

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
    if not 1 <= width <= 4 or rate < 1:
        raise ValueError("the recording must have 8 to 32 bits")
    raw = raw[: len(raw) - len(raw) % (width * channels)]
    padded = np.zeros((len(raw) // width, 4), dtype=np.uint8)
    padded[:, 4 - width :] = np.frombuffer(raw, dtype=np.uint8).reshape(-1, width)
    if width == 1:
        padded[:, 3] ^= 128  # 8 bits have no sign
    return padded.view("<i4").reshape(-1, channels).mean(axis=1) / 2**31, rate


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.noise = np.random.default_rng()

    def predict(
        self,
        recording: Path = Input(description="PCM WAV of 8 to 32 bits with any number of channels"),
        gain: float = Input(
            description="Times as loud; what gets too loud is clipped", default=1.0, ge=0, le=10
        ),
        dither: bool = Input(
            description="Add noise of one step, new each time, so that two results differ by a "
            "step or two",
            default=True,
        ),
    ) -> Path:
        """Give a mono WAV of 16 bits with the rate and number of samples of the recording."""
        samples, rate = read_wav(recording)
        steps = samples * gain * 32767
        if dither:
            steps = steps + self.noise.triangular(-1, 0, 1, len(steps))
        data = steps.round().clip(-32768, 32767).astype("<i2").tobytes()
        with (
            tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file,
            wave.open(file, "wb") as sound,
        ):
            sound.setparams((1, 2, rate, 0, "NONE", "not compressed"))
            sound.writeframes(data)
        return Path(file.name)
