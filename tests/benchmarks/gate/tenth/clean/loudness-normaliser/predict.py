"""Brings a recording to a given loudness."""

import tempfile
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

MAX_BYTES = 16_000_000
MAX_GAIN = 40.0


class Output(BaseModel):
    audio: Path
    gain_db: float
    loudness_before: float | None
    loudness_after: float | None
    limited: bool


def decibels(sound: np.ndarray) -> float | None:
    mean = float(np.mean(sound**2))
    return round(10 * float(np.log10(mean)), 2) if mean > 0 else None


class Predictor(BasePredictor):
    def load(self, path: Path) -> tuple[np.ndarray, int]:
        try:
            with wave.open(str(path), "rb") as file:
                channels, width, rate = file.getparams()[:3]
                size = width * channels
                raw = file.readframes(min(file.getnframes(), MAX_BYTES // size + 1))
        except Exception as error:
            raise ValueError("Cannot read audio: PCM WAV is expected") from error
        if not size <= len(raw) <= MAX_BYTES:
            raise ValueError("audio is empty or longer than 16 MB")
        if width > 4 or channels > 8 or not 1000 <= rate <= 192_000:
            raise ValueError("audio has too many bits or channels, or an odd sample rate")
        data = np.frombuffer(raw[: len(raw) // size * size], np.uint8)
        cells = np.zeros((data.size // width, 4), np.uint8)
        cells[:, 4 - width :] = data.reshape(-1, width)
        if width == 1:
            cells[:, 3] ^= 128
        return cells.view("<i4").reshape(-1, channels) / 2**31, rate

    def predict(
        self,
        audio: Path = Input(
            description="PCM WAV: 8, 16, 24 or 32 bits, 1 to 192 kHz, up to 8 channels and 16 MB"
        ),
        target: float = Input(
            description="Wanted loudness: RMS over all channels in dBFS (0 is full scale)",
            default=-20,
            ge=-60,
            le=-6,
        ),
        peak_limit: float = Input(
            description="Highest peak in dBFS. Where the target asks for more, the gain is lowered",
            default=-1,
            ge=-20,
            le=0,
        ),
    ) -> Output:
        """Writes 16 bits. Silence stays silence; the gain is never more than 40 dB. `limited`
        tells that the target could not be reached."""
        sound, rate = self.load(audio)
        before = decibels(sound)
        wanted = MAX_GAIN if before is None else target - before
        highest = float(np.abs(sound).max())
        room = peak_limit - 20 * float(np.log10(highest)) if highest else MAX_GAIN
        gain = 0.0 if before is None else min(wanted, room, MAX_GAIN)
        loud = np.clip(np.round(sound * 10 ** (gain / 20) * 32768), -32768, 32767) / 32768
        path = Path(tempfile.mkdtemp()) / "normalised.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((sound.shape[1], 2, rate, 0, "NONE", ""))
            file.writeframes((loud * 32768).astype("<i2").tobytes())
        limited = before is not None and gain < wanted
        return Output(path, round(gain, 2), before, decibels(loud), limited)
