"""Plays a recording backwards."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


def read_wav(path):
    try:
        with wave.open(str(path), "rb") as sound:
            params, frames = sound.getparams(), sound.readframes(sound.getnframes())
    except Exception as error:
        raise ValueError("not a WAV file that can be read") from error
    if params.sampwidth != 2 or not 1 <= params.framerate <= 10**6:
        raise ValueError("only WAV files of 16 bits are taken")
    if params.nchannels not in (1, 2):
        raise ValueError("only mono and stereo are taken")
    whole = len(frames) - len(frames) % (2 * params.nchannels)
    return params, np.frombuffer(frames[:whole], dtype="<i2")


class Predictor(BasePredictor):
    """Time runs the other way."""

    def predict(
        self,
        audio: Path = Input(
            description="A PCM WAV file with a plain header: 16 bits, mono or stereo."
        ),
        volume: float = Input(
            description="Samples are multiplied by it.", default=1.0, ge=0.0, le=1.0
        ),
        silence: float = Input(
            description="Seconds of silence put in front.", default=0.0, ge=0.0, le=5.0
        ),
    ) -> Path:
        """The recording backwards, each channel where it was, at the same rate."""
        params, samples = read_wav(audio)
        backwards = np.rint(samples[::-1] * volume).astype("<i2")
        pause = np.zeros(round(silence * params.framerate) * params.nchannels, dtype="<i2")
        with (
            tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as out,
            wave.open(out, "wb") as sound,
        ):
            sound.setnchannels(params.nchannels)
            sound.setsampwidth(2)
            sound.setframerate(params.framerate)
            sound.writeframes(np.concatenate([pause, backwards]).tobytes())
        return Path(out.name)
