"""Cuts the silence off both ends of a recording."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


def read(path: Path) -> tuple[int, np.ndarray]:
    """The rate, and the samples from -1 to 1 with a column for each channel."""
    try:
        with wave.open(str(path)) as sound:
            facts = sound.getparams()
            raw = sound.readframes(min(facts.nframes, 60 * facts.framerate + 1))
    except Exception as error:
        raise ValueError("audio is not a PCM WAV file") from error
    width, channels = facts.sampwidth, facts.nchannels
    if width > 4 or channels > 2 or not 1000 <= facts.framerate <= 192000:
        raise ValueError("audio has a sample width, rate or number of channels that is not taken")
    if facts.nframes > 60 * facts.framerate:
        raise ValueError("audio is longer than 60 seconds")
    count = len(raw) // (width * channels)
    parts = np.frombuffer(raw[: count * width * channels], np.uint8).reshape(-1, width)
    if width == 1:
        return facts.framerate, (parts.reshape(count, channels) - 128.0) / 128
    wide = np.zeros((len(parts), 4), np.uint8)
    wide[:, 4 - width :] = parts
    return facts.framerate, wide.view("<i4").reshape(count, channels) / 2.0**31


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(
            description="PCM WAV of 8 to 32 bits, mono or stereo, 1000 to 192000 samples a "
            "second, at most 60 seconds long."
        ),
        threshold: float = Input(
            description="Samples below this level, of 1, are silence.", default=0.01, ge=0, le=1
        ),
        margin: float = Input(
            description="Seconds of silence that stay at each end.", default=0.05, ge=0, le=5
        ),
    ) -> Path:
        """A WAV file of 16 bits at the same rate; one without samples if all is silence."""
        rate, samples = read(audio)
        loud = np.flatnonzero(np.abs(samples).max(axis=1, initial=0) >= threshold)
        if loud.size:
            extra = round(margin * rate)
            kept = samples[max(0, int(loud[0]) - extra) : int(loud[-1]) + 1 + extra]
        else:
            kept = samples[:0]
        out = Path(tempfile.gettempdir()) / "trimmed.wav"
        with wave.open(str(out), "wb") as sound:
            sound.setnchannels(samples.shape[1])
            sound.setsampwidth(2)
            sound.setframerate(rate)
            sound.writeframes(
                np.clip(np.round(kept * 32768), -32768, 32767).astype("<i2").tobytes()
            )
        return out
