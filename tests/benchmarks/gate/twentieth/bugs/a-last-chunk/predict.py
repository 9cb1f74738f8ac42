"""Cuts a recording into parts for transcription."""

import os
import tempfile
import wave

from cog import BasePredictor, Input, Path

LONGEST = 300


def read_audio(path: Path) -> tuple[int, int, int, bytes]:
    """Read rate, channels, bytes a sample and whole frames of a WAV file."""
    if path.stat().st_size > 20_000_000:
        raise ValueError("audio has more than 20 MB")
    try:
        with wave.open(str(path), "rb") as source:
            channels, width, rate, frames = source.getparams()[:4]
            raw = source.readframes(min(frames, path.stat().st_size))
    except Exception as error:
        raise ValueError("audio is not a PCM WAV file that can be read") from error
    if not 1000 <= rate <= 192000 or channels > 2 or width > 4:
        raise ValueError("audio must be mono or stereo, 8 to 32 bits, at 1 to 192 kHz")
    return rate, channels, width, raw[: len(raw) // (channels * width) * channels * width]


def write_part(rate: int, channels: int, width: int, raw: bytes) -> Path:
    """Write a part as a WAV file of its own."""
    handle, name = tempfile.mkstemp(suffix=".wav")
    os.close(handle)
    with wave.open(name, "wb") as target:
        target.setnchannels(channels)
        target.setsampwidth(width)
        target.setframerate(rate)
        target.writeframes(raw)
    return Path(name)


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(
            description="PCM WAV file, mono or stereo, 8 to 32 bits, at 1 to 192 kHz, "
            "at most five minutes and 20 MB"
        ),
        part_seconds: float = Input(
            description="Longest part in seconds", ge=0.5, le=60, default=5
        ),
    ) -> list[Path]:
        """Cut the recording; the parts, one after the other, are the whole recording."""
        rate, channels, width, raw = read_audio(audio)
        frame = channels * width
        frames = len(raw) // frame
        if frames == 0:
            raise ValueError("audio is empty")
        if frames > LONGEST * rate:
            raise ValueError("audio is longer than five minutes")
        step = int(part_seconds * rate)
        count = max(1, frames // step)
        parts = []
        for number in range(count):
            piece = raw[number * step * frame : (number + 1) * step * frame]
            parts.append(write_part(rate, channels, width, piece))
        return parts
