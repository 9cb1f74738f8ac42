"""Changes rate, channels, bits and length of WAV files."""

import tempfile
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path


class Output(BaseModel):
    file: Path
    sample_rate: int
    channels: int
    bit_depth: int
    duration: float


class Predictor(BasePredictor):
    limit = 1_000_000

    def decode(self, path: Path) -> tuple[np.ndarray, int]:
        try:
            with wave.open(str(path), "rb") as file:
                channels, width, rate = file.getparams()[:3]
                raw = file.readframes(min(file.getnframes(), self.limit // channels + 1))
        except Exception as error:
            raise ValueError("audio: not a WAV file with PCM samples") from error
        if width not in (1, 2, 3, 4) or channels > 8 or not 8000 <= rate <= 192_000:
            raise ValueError("audio: 8 to 32 bits, at most 8 channels, 8 to 192 kHz, please")
        frames = len(raw) // (width * channels)
        if not 1 <= frames * channels <= self.limit:
            raise ValueError(f"audio: needs 1 to {self.limit} samples")
        data = np.frombuffer(raw[: frames * width * channels], np.uint8).reshape(-1, width)
        cells = np.zeros((len(data), 4), np.uint8)
        cells[:, 4 - width :] = data
        if width == 1:
            cells[:, 3] ^= 128
        return cells.view("<i4").reshape(-1, channels).astype(np.float64), rate

    def encode(self, sound: np.ndarray, bits: int) -> bytes:
        top = 2 ** (bits - 1)
        whole = np.clip(np.round(sound / 2 ** (32 - bits)), -top, top - 1).astype("<i4")
        if bits == 8:
            return (whole + 128).astype(np.uint8).tobytes()
        return whole.reshape(-1, 1).view(np.uint8)[:, : bits // 8].tobytes()

    def predict(
        self,
        audio: Path = Input(
            description="WAV: 8 to 32 bit PCM, up to 8 channels, 8 to 192 kHz, "
            "a million samples at most"
        ),
        sample_rate: int | None = Input(
            description="Hz of the output (linear interpolation). Default: as it is.",
            default=None,
            ge=4000,
            le=48000,
        ),
        channels: str = Input(
            description="mono is the mean of all channels; stereo repeats a mono file on both "
            "sides and takes the first two of others",
            default="keep",
            choices=["keep", "mono", "stereo"],
        ),
        bit_depth: int = Input(description="Bits of a sample", default=16, choices=[8, 16, 24, 32]),
        start: float = Input(description="Cut off what is before (seconds)", default=0, ge=0),
        end: float | None = Input(
            description="Cut off what is after (seconds). Later than the end of the file: nothing.",
            default=None,
            ge=0,
        ),
    ) -> Output:
        sound, rate = self.decode(audio)
        begin = round(min(start * rate, len(sound)))
        stop = len(sound) if end is None else round(min(end * rate, len(sound)))
        if stop <= begin:
            raise ValueError("nothing is left between start and end")
        sound = sound[begin:stop]
        if channels == "mono":
            sound = sound.mean(axis=1, keepdims=True)
        elif channels == "stereo":
            sound = np.repeat(sound, 2, axis=1) if sound.shape[1] == 1 else sound[:, :2]
        if sample_rate is not None and sample_rate != rate:
            times = np.arange(max(1, round(len(sound) * sample_rate / rate))) * rate / sample_rate
            grid = np.arange(len(sound))
            sound = np.stack([np.interp(times, grid, one) for one in sound.T], axis=1)
            rate = sample_rate
        path = Path(tempfile.mkdtemp()) / "converted.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((sound.shape[1], bit_depth // 8, rate, 0, "NONE", ""))
            file.writeframes(self.encode(sound, bit_depth))
        return Output(path, rate, sound.shape[1], bit_depth, round(len(sound) / rate, 3))
