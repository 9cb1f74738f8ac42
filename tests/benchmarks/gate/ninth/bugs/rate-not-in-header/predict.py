"""Plays a line of notes."""

import tempfile
import wave

import numpy as np
from cog import BasePredictor, Input, Path

RATE = 44100
STEPS = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}


def pitch(note):
    """Hertz of a note such as A4; 0 for a rest."""
    if note == "-":
        return 0.0
    if len(note) != 2 or note[0] not in STEPS or note[1] not in "2345678":
        raise ValueError("melody: notes are C2 to B8, a rest is -")
    return 440.0 * 2 ** ((STEPS[note[0]] + 12 * (int(note[1]) - 4)) / 12)


class Predictor(BasePredictor):
    """Plain sines with a soft beginning and end."""

    def predict(
        self,
        melody: str = Input(
            description="Notes with blanks between.", default="C4 E4 G4 - C5", max_length=300
        ),
        seconds: float = Input(description="Length of each note.", default=0.25, ge=0.05, le=1),
        volume: float = Input(description="Part of full scale.", default=0.5, ge=0, le=1),
        rate: int = Input(
            description="Samples per second.", default=44100, choices=[22050, 44100, 48000]
        ),
    ) -> Path:
        """A mono WAV of 16 bits."""
        time = np.arange(round(seconds * rate)) / rate
        fade = np.clip(np.minimum(time, time[::-1]) / 0.01, 0, 1)
        tones = [np.sin(2 * np.pi * pitch(note) * time) * fade for note in melody.split()]
        sound = np.concatenate(tones) if tones else np.zeros(0)
        out = Path(tempfile.mkdtemp()) / "melody.wav"
        with wave.open(str(out), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((sound * volume * 32767).round().astype("<i2").tobytes())
        return out
