"""Mixes a recording down to one channel."""

import io
import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


def as_floats(frames: bytes, width: int) -> np.ndarray:
    """Samples from -1 to 1."""
    if width == 1:
        return (np.frombuffer(frames, dtype=np.uint8).astype(np.float64) - 128) / 128
    if width == 3:
        parts = np.frombuffer(frames, dtype=np.uint8).reshape(-1, 3)
        padded = np.zeros((len(parts), 4), dtype=np.uint8)
        padded[:, 1:] = parts
        return padded.reshape(-1).view("<i4") / 2.0**31
    return np.frombuffer(frames, dtype=f"<i{width}") / 2.0 ** (8 * width - 1)


def read_wav(path) -> tuple[np.ndarray, int]:
    """Frames x channels, and the rate."""
    try:
        with wave.open(io.BytesIO(path.read_bytes()), "rb") as sound:
            width, channels = sound.getsampwidth(), sound.getnchannels()
            rate, frames = sound.getframerate(), sound.readframes(sound.getnframes())
    except Exception as error:
        raise ValueError("audio is not a PCM WAV file that can be read") from error
    if width not in (1, 2, 3, 4) or channels > 8 or not 1000 <= rate <= 192000:
        raise ValueError("audio has a width, a rate or channels that are not taken")
    whole = len(frames) - len(frames) % (width * channels)
    return as_floats(frames[:whole], width).reshape(-1, channels), rate


class Predictor(BasePredictor):
    """One channel, 16 bits, the same rate."""

    def predict(
        self,
        audio: Path = Input(
            description="PCM WAV with a plain header: 8, 16, 24 or 32 bits, 1 to 8 channels, 1 to "
            "192 kHz. A frame that breaks off at the end is left out; a file without frames stays "
            "without."
        ),
        channel: str = Input(
            description="The mean of all channels, or only the first or last one.",
            default="mean",
            choices=["mean", "first", "last"],
        ),
        normalise: bool = Input(
            description="Make the loudest sample full scale; silence stays silence.", default=False
        ),
    ) -> Path:
        """The mixed recording as WAV."""
        samples, rate = read_wav(audio)
        picked = {"mean": samples.mean(axis=1), "first": samples[:, 0], "last": samples[:, -1]}
        mono = picked[channel]
        loudest = np.abs(mono).max(initial=0.0)
        if normalise and loudest > 0:
            mono = mono / loudest
        data = np.clip(np.rint(mono * 32768), -32768, 32767).astype("<i2")
        with (
            tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as out,
            wave.open(out, "wb") as sound,
        ):
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(rate)
            sound.writeframes(data.tobytes())
        return Path(out.name)
