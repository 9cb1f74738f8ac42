"""Melodies: plays notes one after the other into a WAV file."""

import tempfile
import wave

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

NOTES = {"C": 261.63, "D": 293.66, "E": 329.63, "F": 349.23, "G": 392.0, "A": 440.0, "B": 493.88}


class Melody(BaseModel):
    audio: Path
    seconds: float


def tone(frequency: float, length: int, fade: int, rate: int) -> np.ndarray:
    """A sine that fades in and out."""
    sound = np.sin(2 * np.pi * frequency * np.arange(length) / rate)
    edge = min(fade, length // 2)
    if edge:
        sound[:edge] *= np.linspace(0, 1, edge)
        sound[-edge:] *= np.linspace(1, 0, edge)
    return sound


class Predictor(BasePredictor):
    def predict(
        self,
        notes: list[str] = Input(
            description="Notes from C to B, 1 to 32 of them.", default=["C", "E", "G"]
        ),
        note_ms: int = Input(
            description="Length of a note in milliseconds.", default=200, ge=20, le=1000
        ),
        gap_ms: int = Input(
            description="Silence between two notes in milliseconds.", default=0, ge=0, le=1000
        ),
        fade_ms: int = Input(
            description="Fading in and out, in milliseconds.", default=10, ge=0, le=200
        ),
        rate: int = Input(
            description="Samples a second.", default=8000, choices=[8000, 16000, 22050]
        ),
        volume: float = Input(description="Loudness.", default=0.5, ge=0.0, le=1.0),
    ) -> Melody:
        """Play the notes."""
        if not 1 <= len(notes) <= 32 or set(notes) - set(NOTES):
            raise ValueError("1 to 32 notes, each of C, D, E, F, G, A, B")
        length, fade = note_ms * rate // 1000, fade_ms * rate // 1000
        parts: list[np.ndarray] = []
        for note in notes:
            if parts:
                parts.append(np.zeros(gap_ms))
            parts.append(tone(NOTES[note], length, fade, rate))
        samples = (np.concatenate(parts) * volume * 32767).astype("<i2")
        target = Path(tempfile.mkdtemp()) / "melody.wav"
        with wave.open(str(target), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(rate)
            out.writeframes(samples.tobytes())
        return Melody(audio=target, seconds=round(len(samples) / rate, 4))
