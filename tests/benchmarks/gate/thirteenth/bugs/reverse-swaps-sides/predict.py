"""Plays sounds backwards."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    """Turns a recording round in time."""

    def predict(
        self,
        audio: Path = Input(description="A WAV file of 16 bits, mono or stereo, up to 400 kHz."),
        fade_ms: int = Input(description="Fade in over so long.", default=0, ge=0, le=1000),
    ) -> Path:
        """The recording backwards in time; each channel stays on its side."""
        try:
            with wave.open(str(audio), "rb") as opened:
                channels, width, rate = opened.getparams()[:3]
                data = opened.readframes(opened.getnframes())
        except (wave.Error, EOFError, OSError, RuntimeError):
            raise ValueError("audio is not a WAV file that can be read") from None
        if width != 2 or channels not in (1, 2) or not 1 <= rate <= 400_000:
            raise ValueError("audio must have 16 bits, one or two channels and up to 400 kHz")
        whole = len(data) // (2 * channels)
        sound = np.frombuffer(data, "<i2", count=whole * channels)[::-1].reshape(-1, channels)
        gain = np.ones(whole)
        ramp = min(whole, rate * fade_ms // 1000)
        gain[:ramp] = np.arange(ramp) / max(1, ramp)
        made = np.rint(sound * gain[:, None]).astype("<i2")
        with (
            tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file,
            wave.open(file, "wb") as out,
        ):
            out.setnchannels(channels)
            out.setsampwidth(2)
            out.setframerate(rate)
            out.writeframes(made.tobytes())
        return Path(file.name)
