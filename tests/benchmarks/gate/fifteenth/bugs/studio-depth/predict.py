"""Turn a stereo recording round, or fold it to mono."""

import struct
import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

TYPES = {1: "u1", 2: "<i2", 4: "<i4"}


class Predictor(BasePredictor):
    """Work on the channels of a recording."""

    def setup(self) -> None:
        """Make the folder for the result."""
        self.folder = Path(tempfile.mkdtemp())

    def predict(
        self,
        audio: Path = Input(description="A PCM WAV file of 8, 16, 24 or 32 bits"),
        mode: str = Input(
            description="What to do", default="swap", choices=["swap", "reverse", "first"]
        ),
    ) -> Path:
        """Write the changed recording, with the bits and the rate of the old one."""
        try:
            with wave.open(str(audio), "rb") as source:
                shape = source.getparams()
                raw = source.readframes(source.getnframes())
        except (wave.Error, EOFError, RuntimeError, struct.error) as error:
            raise ValueError("audio must be a PCM WAV file") from error
        if not 1 <= shape.sampwidth <= 4 or shape.framerate < 1:
            raise ValueError("audio must have 8 to 32 bits and a rate")
        frame = shape.sampwidth * shape.nchannels
        raw = raw[: len(raw) // frame * frame]
        data = np.frombuffer(raw, dtype=TYPES[shape.sampwidth]).reshape(-1, shape.nchannels)
        if mode == "swap":
            data = data[:, ::-1]
        elif mode == "reverse":
            data = data[::-1]
        else:
            data = data[:, :1]
        target = self.folder / "changed.wav"
        with wave.open(str(target), "wb") as sink:
            sink.setnchannels(data.shape[1])
            sink.setsampwidth(shape.sampwidth)
            sink.setframerate(shape.framerate)
            sink.writeframes(np.ascontiguousarray(data).tobytes())
        return target
