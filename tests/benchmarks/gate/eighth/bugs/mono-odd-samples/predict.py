"""Makes a recording wider or narrower between its two channels."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(
            description="A WAV file of 16 bits, mono or stereo. Mono stays as it is.",
        ),
        width: float = Input(
            description="0 gives both channels the same, 1 changes nothing.",
            default=0.5,
            ge=0,
            le=2,
        ),
    ) -> Path:
        """Return the recording as a WAV file."""
        try:
            with wave.open(str(audio), "rb") as file:
                facts = file.getparams()
                body = file.readframes(facts.nframes)
        except Exception as error:
            raise ValueError("The file is not a WAV file that can be read.") from error
        if facts.sampwidth != 2 or facts.nchannels not in (1, 2):
            raise ValueError("Only mono or stereo files of 16 bits are taken.")
        if not 1 <= facts.framerate <= 384_000:
            raise ValueError("The sample rate must be from 1 to 384000.")
        body = body[: len(body) // (2 * facts.nchannels) * 2 * facts.nchannels]
        samples = np.frombuffer(body, dtype="<i2").astype(np.float64)
        left, right = samples[0::2], samples[1::2]
        middle, side = (left + right) / 2, (left - right) / 2 * width
        wider = np.stack([middle + side, middle - side], axis=1).round().clip(-32768, 32767)
        with tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as target:
            name = target.name
        with wave.open(name, "wb") as file:
            file.setparams((facts.nchannels, 2, facts.framerate, 0, "NONE", "not compressed"))
            file.writeframes(wider.astype("<i2").tobytes())
        return Path(name)
