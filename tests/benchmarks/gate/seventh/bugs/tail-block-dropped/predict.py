"""Takes the hiss out of the quiet parts of a recording."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

BLOCK = 2048


def read_wav(path: Path) -> tuple[np.ndarray, int]:
    """Give samples between -1 and 1, a column for each channel, and their rate."""
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
    return padded.view("<i4").reshape(-1, channels) / 2**31, rate


class Predictor(BasePredictor):
    def clean(self, block: np.ndarray, floor: float) -> np.ndarray:
        level = np.sqrt((block**2).mean())
        return block * min(1.0, level / floor) if floor else block

    def predict(
        self,
        recording: Path = Input(description="PCM WAV file of 8 to 32 bits"),
        floor: float = Input(description="What counts as quiet", default=0.01, ge=0, le=0.5),
    ) -> Path:
        """Give a WAV of 16 bits with as many samples and channels as the recording."""
        samples, rate = read_wav(recording)
        blocks = [
            self.clean(samples[at : at + BLOCK], floor)
            for at in range(0, len(samples) - BLOCK + 1, BLOCK)
        ]
        result = np.concatenate(blocks) if blocks else samples[:0]
        with (
            tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file,
            wave.open(file, "wb") as sound,
        ):
            sound.setparams((samples.shape[1], 2, rate, 0, "NONE", "not compressed"))
            sound.writeframes((result * 32767).round().astype("<i2").tobytes())
        return Path(file.name)
