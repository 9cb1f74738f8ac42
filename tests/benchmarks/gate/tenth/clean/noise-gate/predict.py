"""Turns quiet passages of a recording down."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    max_samples = 6_000_000

    def read(self, path: Path) -> tuple[np.ndarray, int]:
        try:
            with wave.open(str(path)) as file:
                rate, channels, width = (
                    file.getframerate(),
                    file.getnchannels(),
                    file.getsampwidth(),
                )
                raw = file.readframes(min(file.getnframes(), self.max_samples // channels + 1))
        except Exception as error:
            raise ValueError("audio: this is no PCM WAV file") from error
        if width != 2 or channels > 2 or not 8000 <= rate <= 96_000:
            raise ValueError("audio: 16 bits, mono or stereo, 8 to 96 kHz are supported")
        whole = raw[: len(raw) // (2 * channels) * 2 * channels]
        sound = np.frombuffer(whole, "<i2").reshape(-1, channels).astype(np.float64)
        if not 0 < sound.size <= self.max_samples:
            raise ValueError(f"audio: 1 to {self.max_samples} samples are supported")
        return sound, rate

    def predict(
        self,
        audio: Path = Input(
            description="16 bit WAV, mono or stereo, 8 to 96 kHz, with up to 6 million samples"
        ),
        threshold: float = Input(
            description="Level in dBFS under which sound is taken for noise",
            default=-40,
            ge=-90,
            le=0,
        ),
        reduction: float = Input(
            description="By how many dB noise is turned down; 0 changes nothing",
            default=24,
            ge=0,
            le=80,
        ),
        release: int = Input(
            description="Milliseconds over which the gate opens and closes, in steps of 10",
            default=20,
            ge=10,
            le=500,
        ),
    ) -> Path:
        """The same length, rate and channels, as 16 bit WAV."""
        sound, rate = self.read(audio)
        block = max(1, rate // 100)
        starts = np.arange(0, len(sound), block)
        power = np.add.reduceat((sound**2).mean(axis=1), starts)
        sizes = np.diff(np.append(starts, len(sound)))
        level = 10 * np.log10(np.maximum(power / sizes / 32768**2, 1e-12))
        gain = np.where(level < threshold, 10 ** (-reduction / 20), 1.0)
        smooth = max(1, round(release / 10))
        padded = np.pad(gain, (smooth // 2, smooth - 1 - smooth // 2), mode="edge")
        gain = np.convolve(padded, np.ones(smooth) / smooth, mode="valid")
        curve = np.interp(np.arange(len(sound)), starts + block / 2, gain)
        out = Path(tempfile.mkdtemp()) / "cleaned.wav"
        with wave.open(str(out), "wb") as file:
            file.setparams((sound.shape[1], 2, rate, 0, "NONE", ""))
            file.writeframes(np.round(sound * curve[:, None]).astype("<i2").tobytes())
        print(f"{np.mean(level < threshold):.0%} of the recording is under the threshold")
        return out
