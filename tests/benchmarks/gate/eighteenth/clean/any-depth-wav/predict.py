"""Bring recordings to one form: mono, 16 bits, as loud as wanted."""

import io
import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

LONGEST = 4_000_000
FASTEST = 768_000


def to_floats(frames: bytes, width: int) -> np.ndarray:
    """Read whole samples of 1 to 4 bytes as numbers between -1 and 1."""
    if width == 1:
        return (np.frombuffer(frames, dtype=np.uint8) - 128.0) / 128
    if width == 3:
        raw = np.frombuffer(frames, dtype=np.uint8).reshape(-1, 3)
        wide = np.zeros((len(raw), 4), dtype=np.uint8)
        wide[:, 1:] = raw
        return wide.reshape(-1).view("<i4") / 2.0**31
    return np.frombuffer(frames, dtype=f"<i{width}") / 2.0 ** (8 * width - 1)


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(
            description="A plain PCM WAV file with 8, 16, 24 or 32 bits a sample, at most 4 MB."
        ),
        peak: float = Input(
            description="How high the loudest sample of the result becomes; 1 is the most.",
            default=0.9,
            ge=0.01,
            le=1,
        ),
    ) -> Path:
        """Return a WAV file of one channel and 16 bits with the same rate.

        Channels are averaged. Silence stays silence, and an incomplete last frame is left out.
        """
        if audio.stat().st_size > LONGEST:
            raise ValueError("the recording is larger than 4 MB")
        try:
            with wave.open(io.BytesIO(audio.read_bytes())) as sound:
                form = sound.getparams()
                frames = sound.readframes(form.nframes)
        except Exception as error:
            raise ValueError("this is not a WAV file that can be read") from error
        if form.sampwidth > 4 or not 1 <= form.framerate <= FASTEST:
            raise ValueError("only WAV files of 8 to 32 bits and at most 768 kHz are taken")
        whole = len(frames) - len(frames) % (form.sampwidth * form.nchannels)
        samples = to_floats(frames[:whole], form.sampwidth).reshape(-1, form.nchannels)
        mono = samples.mean(axis=1)
        loudest = np.abs(mono).max(initial=0.0)
        if loudest > 0:
            mono = mono / loudest * peak
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as result:
            result.setnchannels(1)
            result.setsampwidth(2)
            result.setframerate(form.framerate)
            result.writeframes((mono * 32767).round().astype("<i2").tobytes())
        with tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file:
            file.write(buffer.getvalue())
        return Path(file.name)
