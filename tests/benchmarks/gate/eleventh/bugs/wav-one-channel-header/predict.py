"""Changes the loudness of a recording and fades its ends."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

MOST_FRAMES = 48_000 * 60
FULL = 32767


def read_wav(path: Path) -> tuple[np.ndarray, int]:
    """Frames by channels, and the rate."""
    try:
        with wave.open(str(path), "rb") as file:
            facts, data = file.getparams(), file.readframes(MOST_FRAMES + 1)
    except Exception as error:
        raise ValueError("recording: this file cannot be read as WAV") from error
    if facts.sampwidth != 2:
        raise ValueError("recording: only 16 bit WAV is taken")
    if not 0 < facts.framerate <= 192_000 or facts.nchannels > 2:
        raise ValueError("recording: mono or stereo, at most 192000 frames a second")
    if facts.nframes > MOST_FRAMES:
        raise ValueError("recording: too long")
    data = data[: len(data) // (2 * facts.nchannels) * 2 * facts.nchannels]
    return np.frombuffer(data, "<i2").reshape(-1, facts.nchannels), facts.framerate


def write_wav(samples: np.ndarray, rate: int, channels: int = 1) -> Path:
    """A WAV file of 16 bits."""
    with tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file:
        with wave.open(file, "wb") as out:
            out.setparams((channels, 2, rate, 0, "NONE", ""))
            out.writeframes(np.clip(np.rint(samples), -FULL - 1, FULL).astype("<i2").tobytes())
        return Path(file.name)


def envelope(frames: int, fade: int, curve: str) -> np.ndarray:
    """From 0 up to 1 and down again, one number for a frame."""
    shape = np.ones(frames)
    fade = min(fade, frames // 2)
    if fade:
        rise = np.linspace(0, 1, fade, endpoint=False)
        rise = rise**2 if curve == "soft" else rise
        shape[:fade] = rise
        shape[-fade:] = rise[::-1]
    return shape


class Predictor(BasePredictor):
    """Gain and fade; the length, the rate and the channels of the recording stay."""

    def predict(
        self,
        recording: Path = Input(
            description="A WAV file of 16 bits, mono or stereo, at most a minute long. "
            "The result has the same length, rate and channels."
        ),
        gain: float = Input(description="1 leaves it as loud as it is.", default=1.0, ge=0, le=4),
        fade_ms: int = Input(description="Fade at both ends.", default=0, ge=0, le=5000),
        curve: str = Input(
            description="How the fade rises.", default="even", choices=["even", "soft"]
        ),
    ) -> Path:
        """The changed recording, cut off at full scale where it gets too loud."""
        samples, rate = read_wav(recording)
        shape = envelope(len(samples), fade_ms * rate // 1000, curve)
        return write_wav(samples * gain * shape[:, None], rate)
