"""Two WAV files: how they are recorded, then how far their samples are apart."""

import io
import wave
from collections.abc import Iterator
from typing import Any

import numpy as np

from safepush.compare.difference import Difference

BLOCK = 1024
_CHUNK = BLOCK * 512  # frames at a time, so that memory does not grow with the recording
_FACTS = ("channels", "sample width", "rate")


def sound_differences(expected: bytes, actual: bytes, place: str) -> Iterator[Difference]:
    """Facts first; samples only where they agree."""
    try:
        with wave.open(io.BytesIO(expected)) as ours, wave.open(io.BytesIO(actual)) as theirs:
            yield from _recordings(ours, theirs, place)
    except (wave.Error, EOFError, ValueError) as exc:
        detail = f"is no WAV file that can be read ({exc or type(exc).__name__})"
        yield Difference(place=place, kind="unreadable", detail=detail)


def _recordings(ours: wave.Wave_read, theirs: wave.Wave_read, place: str) -> Iterator[Difference]:
    facts = zip(_FACTS, _facts(ours), _facts(theirs), strict=True)
    other = [f"{name} {new} instead of {old}" for name, old, new in facts if old != new]
    if other:
        yield Difference(place=place, kind="sound", detail=", ".join(other))
    elif ours.getnframes() != theirs.getnframes():
        detail = f"{theirs.getnframes():,} frames instead of {ours.getnframes():,}"
        yield Difference(place=place, kind="duration", detail=detail)
    else:
        yield from _samples(ours, theirs, place)


def _facts(file: wave.Wave_read) -> tuple[int, int, int]:
    return file.getnchannels(), file.getsampwidth(), file.getframerate()


def _samples(ours: wave.Wave_read, theirs: wave.Wave_read, place: str) -> Iterator[Difference]:
    worst, at = 0.0, 0
    for start in range(0, ours.getnframes(), _CHUNK):
        first, second = (_scaled(file.readframes(_CHUNK), file) for file in (ours, theirs))
        if len(first) != len(second):
            raise EOFError("it ends before its header says")
        apart = np.abs(first - second).mean(axis=1)
        means = np.pad(apart, (0, -len(apart) % BLOCK)).reshape(-1, BLOCK).mean(axis=1)
        if len(means) and means.max() > worst:
            worst, at = float(means.max()), start + int(means.argmax()) * BLOCK
    if worst > 0:
        detail = f"the {BLOCK} frames from {at:,} on differ by {worst:.4f} of full scale"
        yield Difference(place=place, kind="samples", detail=detail, metric="sound", amount=worst)


def _scaled(frames: bytes, file: wave.Wave_read) -> Any:
    """Frames x channels, from -1 to 1."""
    width, channels = file.getsampwidth(), file.getnchannels()
    whole = frames[: len(frames) // (width * channels) * width * channels]
    if width == 1:
        scaled = (np.frombuffer(whole, np.uint8).astype(np.float32) - 128) / 128
    elif width == 3:
        high = np.zeros((len(whole) // 3, 4), np.uint8)
        high[:, 1:] = np.frombuffer(whole, np.uint8).reshape(-1, 3)
        scaled = high.view("<i4")[:, 0].astype(np.float32) / 2**31
    else:
        kind, full = ("<i2", 2**15) if width == 2 else ("<i4", 2**31)
        scaled = np.frombuffer(whole, np.dtype(kind)).astype(np.float32) / full
    return scaled.reshape(-1, channels)
