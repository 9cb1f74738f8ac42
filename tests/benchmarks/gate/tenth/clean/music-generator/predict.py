"""Plays a simple tune."""

import random
import tempfile
import wave
import zlib

import numpy as np
from cog import BasePredictor, Input, Path

RATE = 16_000
KEYS = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
SCALES = {"major": [0, 2, 4, 5, 7, 9, 11], "minor": [0, 2, 3, 5, 7, 8, 10]}


class Predictor(BasePredictor):
    def note(self, pitch: int, count: int, overtones: list[float]) -> np.ndarray:
        time = np.arange(count) / RATE
        angle = 2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time
        tone = sum(share * np.sin(angle * (n + 1)) for n, share in enumerate(overtones))
        fade = np.minimum(1, np.arange(count, 0, -1) / (0.02 * RATE))
        return tone * np.exp(-3 * time) * np.minimum(1, time / 0.005) * fade

    def predict(
        self,
        prompt: str = Input(
            description="What kind of music; decides on the sound of the instrument.",
            default="a slow piano piece",
            max_length=500,
        ),
        duration: int = Input(
            description="Duration of the generated audio in seconds.", default=4, ge=1, le=30
        ),
        bpm: int = Input(
            description="Beats per minute, two notes each.", default=100, ge=40, le=240
        ),
        key: str = Input(description="Key.", default="C", choices=KEYS),
        scale: str = Input(description="Scale.", default="major", choices=list(SCALES)),
        volume: float = Input(description="Peak, 1 is full scale.", default=0.8, ge=0, le=1),
        seed: int = Input(
            description="Seed for random number generator. If -1, a random seed will be used.",
            default=-1,
            ge=-1,
            le=2**31 - 1,
        ),
    ) -> Path:
        if seed == -1:
            seed = random.randrange(2**31)
        print(f"seed {seed}")
        rng = np.random.default_rng(seed)
        code = zlib.crc32(prompt.encode("utf-8", "replace"))
        overtones = [1.0] + [(code >> 8 * n & 255) / 255 / (n + 1.5) for n in range(4)]
        total, length = duration * RATE, round(RATE * 30 / bpm)
        sound = np.zeros(total)
        place = 7
        for start in range(0, total, length):
            place = int(np.clip(place + rng.integers(-2, 3), 0, 14))
            octave, step = divmod(place, 7)
            pitch = 48 + KEYS.index(key) + 12 * octave + SCALES[scale][step]
            count = min(length, total - start)
            sound[start : start + count] = self.note(pitch, count, overtones)
        sound *= volume / max(np.abs(sound).max(), 1e-9)
        out = Path(tempfile.mkdtemp()) / "music.wav"
        with wave.open(str(out), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(np.round(sound * 32767).astype("<i2").tobytes())
        return out
