"""Play a recording backwards."""

import io
import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A WAV file, 16 bits a sample, mono or stereo."),
        gain: float = Input(
            description="Make it louder or softer; what gets too loud is cut off.",
            default=1.0,
            ge=0,
            le=4,
        ),
    ) -> Path:
        """Return the recording backwards, as WAV with the same rate and channels."""
        try:
            with wave.open(io.BytesIO(audio.read_bytes())) as sound:
                form = sound.getparams()
                frames = sound.readframes(form.nframes)
        except Exception as error:
            raise ValueError("this is not a WAV file that can be read") from error
        if form.sampwidth != 2 or form.nchannels > 2 or not 1 <= form.framerate <= 768_000:
            raise ValueError("only WAV files of 16 bits, mono or stereo, up to 768 kHz are taken")
        whole = len(frames) - len(frames) % (2 * form.nchannels)
        samples = np.frombuffer(frames[:whole], dtype="<i2")
        louder = np.clip((samples[::-1] * gain).round(), -32768, 32767).astype("<i2")
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as turned:
            turned.setnchannels(form.nchannels)
            turned.setsampwidth(2)
            turned.setframerate(form.framerate)
            turned.writeframes(louder.tobytes())
        with tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file:
            file.write(buffer.getvalue())
        return Path(file.name)
