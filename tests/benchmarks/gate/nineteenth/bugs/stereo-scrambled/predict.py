"""Fades recordings in and out."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(
            description="PCM WAV of 16 bits, mono or stereo, 1000 to 192000 samples a second."
        ),
        fade_in: float = Input(
            description="Seconds in which the beginning swells from silence.",
            default=0.1,
            ge=0,
            le=30,
        ),
        fade_out: float = Input(
            description="Seconds in which the end dies away.", default=0.1, ge=0, le=30
        ),
    ) -> Path:
        """The recording, as long and with the same channels; between the fades as it was."""
        try:
            with wave.open(str(audio)) as sound:
                facts = sound.getparams()
                raw = sound.readframes(facts.nframes)
        except Exception as error:
            raise ValueError("audio is not a PCM WAV file") from error
        if facts.sampwidth != 2 or facts.nchannels > 2:
            raise ValueError("audio is not of 16 bits, mono or stereo")
        if not 1000 <= facts.framerate <= 192000:
            raise ValueError("audio has a sample rate that is not taken")
        count = len(raw) // (2 * facts.nchannels)
        samples = np.frombuffer(raw[: count * 2 * facts.nchannels], "<i2").astype(np.float64)
        tracks = samples.reshape(facts.nchannels, count)
        gain = np.ones(count)
        swell = min(count, round(fade_in * facts.framerate))
        gain[:swell] *= np.linspace(0, 1, swell, endpoint=False)
        dying = min(count, round(fade_out * facts.framerate))
        gain[count - dying :] *= np.linspace(0, 1, dying, endpoint=False)[::-1]
        faded = np.round(tracks * gain).astype("<i2")
        out = Path(tempfile.gettempdir()) / "faded.wav"
        with wave.open(str(out), "wb") as sound:
            sound.setnchannels(facts.nchannels)
            sound.setsampwidth(2)
            sound.setframerate(facts.framerate)
            sound.writeframes(faded.tobytes())
        return out
