"""Measures how loud a recording is."""

import math
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

TYPES = {1: (np.uint8, 128, 128.0), 2: ("<i2", 0, 32768.0), 4: ("<i4", 0, 2147483648.0)}


class Loudness(BaseModel):
    decibels: float
    seconds: float
    silent: bool


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A WAV file of 8, 16, 24 or 32 bits, mono or stereo."),
        floor: float = Input(
            description="What is quieter counts as silence (dB).", default=-60.0, ge=-120, le=0
        ),
    ) -> Loudness:
        """Return the average level, -120 for nothing at all, and the length."""
        try:
            with wave.open(str(audio), "rb") as file:
                width, rate, count = file.getsampwidth(), file.getframerate(), file.getnframes()
                channels = file.getnchannels()
                body = file.readframes(count)
        except Exception as error:
            raise ValueError("The file is not a WAV file that can be read.") from error
        if width > 4:
            raise ValueError("Only files of 8, 16, 24 or 32 bits are taken.")
        kind, offset, full = TYPES[width]
        body = body[: len(body) // width * width]
        samples = (np.frombuffer(body, dtype=kind).astype(np.float64) - offset) / full
        power = float(np.square(samples).mean()) if len(samples) else 0.0
        level = max(-120.0, 10 * math.log10(power)) if power > 0 else -120.0
        seconds = len(samples) / channels / rate if rate > 0 else 0.0
        return Loudness(decibels=level, seconds=seconds, silent=level <= floor)
