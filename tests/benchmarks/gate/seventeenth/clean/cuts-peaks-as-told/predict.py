"""Makes a recording louder."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


def samples_of(path):
    """The samples of a WAV file from -1 to 1, how many channels it has, and its rate."""
    if path.stat().st_size > 5_000_000:
        raise ValueError("sound: more than 5 MB")
    try:
        with wave.open(str(path), "rb") as sound:
            channels, width = sound.getnchannels(), sound.getsampwidth()
            rate = sound.getframerate()
            data = sound.readframes(sound.getnframes())
    except Exception as error:
        raise ValueError("sound: not a PCM WAV file that can be read") from error
    if not (1 <= channels <= 8 and width in (1, 2, 3, 4) and 1 <= rate <= 384_000):
        raise ValueError("sound: needs 1 to 8 channels, 8 to 32 bits and a rate up to 384 kHz")
    data = data[: len(data) // (width * channels) * (width * channels)]
    if width == 1:
        return (np.frombuffer(data, np.uint8) - 128.0) / 128, channels, rate
    parts = np.frombuffer(data, np.uint8).reshape(-1, width)
    padded = np.zeros((len(parts), 4), np.uint8)
    padded[:, 4 - width :] = parts
    return padded.reshape(-1).view("<i4") / 2.0**31, channels, rate


class Predictor(BasePredictor):
    def predict(
        self,
        sound: Path = Input(
            description="A plain PCM WAV file of 8 to 32 bits, up to 5 MB and 8 channels. If it "
            "ends early, what is there is used."
        ),
        decibels: float = Input(
            description="How much louder; below 0 it gets quieter. Peaks beyond full scale are cut "
            "off, which is heard as distortion: that is meant.",
            default=6.0,
            ge=-60,
            le=60,
        ),
    ) -> Path:
        """A WAV file of 16 bits, with the channels, the rate and the length of the given one."""
        samples, channels, rate = samples_of(sound)
        louder = np.rint(samples * 10 ** (decibels / 20) * 32768).clip(-32768, 32767)
        with (
            tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file,
            wave.open(file, "wb") as out,
        ):
            out.setnchannels(channels)
            out.setsampwidth(2)
            out.setframerate(rate)
            out.writeframes(louder.astype("<i2").tobytes())
        return Path(file.name)
