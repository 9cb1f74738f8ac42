"""Brings recordings to the same peak."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


def recording(path):
    """Channels, rate and samples between -1 and 1, as they are interleaved."""
    try:
        with wave.open(str(path)) as file:
            facts, data = file.getparams(), file.readframes(file.getnframes())
    except Exception as error:
        raise ValueError("audio must be a PCM WAV file") from error
    if not 1 <= facts.framerate <= 192_000 or facts.nchannels > 8 or facts.sampwidth > 4:
        raise ValueError("audio must have 8 channels and 192000 samples a second at most")
    width = facts.sampwidth
    whole = len(data) // (width * facts.nchannels) * facts.nchannels
    raw = np.frombuffer(data, dtype=np.uint8, count=whole * width).reshape(whole, width)
    wide = np.zeros((whole, 4), dtype=np.uint8)
    wide[:, 4 - width :] = raw ^ 128 if width == 1 else raw
    return facts.nchannels, facts.framerate, wide.view("<i4")[:, 0] / 2**31


class Predictor(BasePredictor):
    """How loud a recording was before makes no difference afterwards."""

    def predict(
        self,
        audio: Path = Input(description="PCM WAV of 8, 16, 24 or 32 bits."),
        peak_db: float = Input(
            description="Peak below full scale. Silence stays silence.",
            default=-1.0,
            ge=-40,
            le=0,
        ),
    ) -> Path:
        """A WAV of 16 bits, whatever came in, with the same channels, rate and length."""
        channels, rate, samples = recording(audio)
        peak = np.abs(samples).max(initial=0.0)
        scale = 32767 * 10 ** (peak_db / 20) / peak if peak else 0.0
        out = Path(tempfile.mkdtemp()) / "normalised.wav"
        with wave.open(str(out), "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes((samples * scale).round().astype("<i2").tobytes())
        return out
