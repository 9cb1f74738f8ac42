"""Tells what is in a WAV file."""

import wave

from cog import BaseModel, BasePredictor, Input, Path


class Sound(BaseModel):
    channels: int
    sample_rate: int
    bits: int
    seconds: float


class Predictor(BasePredictor):
    def predict(
        self,
        sound: Path = Input(
            description="A plain PCM WAV file of 8, 16, 24 or 32 bits and up to 10 MB, mono or not."
        ),
        decimals: int = Input(
            description="Decimals of the length in seconds.", default=3, ge=0, le=6
        ),
    ) -> Sound:
        """Its channels, samples per second and channel, bits per sample, and how long it plays."""
        if sound.stat().st_size > 10_000_000:
            raise ValueError("sound: more than 10 MB")
        try:
            with wave.open(str(sound), "rb") as opened:
                channels = opened.getnchannels()
                width = opened.getsampwidth()
                rate = opened.getframerate()
                data = opened.readframes(opened.getnframes())
        except (wave.Error, EOFError, RuntimeError) as error:
            raise ValueError("sound: not a WAV file that can be read") from error
        if width > 4 or rate < 1:
            raise ValueError("sound: must have 8 to 32 bits and a sample rate")
        samples = len(data) // width
        return Sound(
            channels=channels,
            sample_rate=rate,
            bits=width * 8,
            seconds=round(samples / rate, decimals),
        )
