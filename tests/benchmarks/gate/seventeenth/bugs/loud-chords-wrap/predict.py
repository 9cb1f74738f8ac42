"""Plays a chord."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

RATE = 16000


class Predictor(BasePredictor):
    def predict(
        self,
        notes: list[int] = Input(
            description="Up to 12 notes by their MIDI numbers, 24 to 96; 69 is the A of 440 Hz. "
            "No notes are silence.",
            default=[60, 64, 67],
        ),
        volume: float = Input(
            description="How loud each note is; 1 is full scale. Where the chord as a whole goes "
            "beyond full scale, its peaks are cut off at it.",
            default=0.2,
            ge=0,
            le=1,
        ),
        seconds: float = Input(description="How long it lasts.", default=0.5, ge=0.1, le=3),
    ) -> Path:
        """A WAV file, mono, 16 bits, 16 kHz."""
        if len(notes) > 12 or any(not 24 <= note <= 96 for note in notes):
            raise ValueError("notes: up to 12, each from 24 to 96")
        time = np.arange(round(seconds * RATE)) / RATE
        mix = np.zeros(len(time))
        for note in notes:
            mix += volume * np.sin(2 * np.pi * 440 * 2 ** ((note - 69) / 12) * time)
        samples = np.rint(mix * 32767).astype(np.int32)
        with (
            tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file,
            wave.open(file, "wb") as sound,
        ):
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes(samples.astype("<i2").tobytes())
        return Path(file.name)
