"""Repeats a short sound until it fills a given time."""

import tempfile
import wave

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        clip: Path = Input(description="A WAV file (PCM) of at most 96000 samples per second."),
        seconds: float = Input(
            description="Length of the result; a longer clip is cut.", default=2.0, ge=0.1, le=5
        ),
    ) -> Path:
        """A WAV file with the rate, the width and the channels of the clip."""
        sound, parameters = read(clip)
        frame = parameters.sampwidth * parameters.nchannels
        wanted = round(seconds * parameters.framerate) * frame
        looped = bytearray()
        while len(looped) < wanted:
            looped += sound
        file = Path(tempfile.mkdtemp()) / "loop.wav"
        with wave.open(str(file), "wb") as writer:
            writer.setnchannels(parameters.nchannels)
            writer.setsampwidth(parameters.sampwidth)
            writer.setframerate(parameters.framerate)
            writer.writeframes(bytes(looped[:wanted]))
        return file


def read(path: Path) -> tuple[bytes, wave._wave_params]:
    try:
        with wave.open(str(path), "rb") as reader:
            parameters = reader.getparams()
            sound = reader.readframes(parameters.nframes)
    except Exception as error:
        raise ValueError("clip cannot be read as a WAV file (PCM)") from error
    if not 1 <= parameters.framerate <= 96000:
        raise ValueError("clip must have 1 to 96000 samples per second")
    if parameters.nchannels > 8 or parameters.sampwidth > 4:
        raise ValueError("clip must have at most 8 channels of 32 bits")
    whole = len(sound) - len(sound) % (parameters.sampwidth * parameters.nchannels)
    return sound[:whole], parameters
