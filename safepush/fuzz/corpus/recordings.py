"""Sounds of the corpus: of odd kinds, and the same one stored in several ways."""

import io
import wave
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from safepush.fuzz.corpus import compressed
from safepush.fuzz.corpus.medium import WAV, Medium

#: a sound in two channels that are the same
STEREO = "stereo WAV"


@lru_cache
def recorded(channels: int) -> Medium:
    """A recording of three seconds, in so many channels that are the same."""
    return sound(f"sound of three seconds, channels: {channels}", seconds=3, channels=channels)


def sound(
    name: str,
    *,
    seconds: float,
    rate: int = 16000,
    channels: int = 1,
    width: int = 2,
    hertz: int = 440,
    beats: bool = False,
) -> Medium:
    """A tone as a file."""
    count = int(seconds * rate)
    tone = np.sin(np.arange(count) * hertz * 2 * np.pi / rate) * 0.5
    if beats:  # two each second, each fading away
        tone = tone * np.exp(-(np.arange(count) % (rate // 2)) / (rate / 10))
    if width == 1:
        frames = (tone * 127 + 128).astype("<u1").reshape(-1, 1)
    else:
        whole = (tone * (2 ** (8 * width - 1) - 1)).astype("<i4")
        frames = whole.view("<u1").reshape(-1, 4)[:, :width]
    return wav(name, np.repeat(frames, channels, axis=0).tobytes(), rate, channels, width)


def wav(name: str, frames: bytes, rate: int, channels: int, width: int) -> Medium:
    """Frames as a file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(frames)
    return Medium(name, "sound", WAV, content.getvalue())


@lru_cache(1)
def one_sided() -> Medium:
    """A sound on the right channel alone."""
    tone = np.sin(np.arange(8000) * 440 * 2 * np.pi / 16000) * 0.5
    both = np.stack([np.zeros(8000), tone * 32767], axis=1).astype("<i2")
    return wav("stereo WAV with a silent left channel", both.tobytes(), 16000, 2, 2)


@lru_cache(1)
def same() -> tuple[tuple[Medium, tuple[Medium, ...]], ...]:
    """An ordinary sound with the same one in two channels, and in samples of other widths."""
    stereo = sound(STEREO, seconds=0.5, channels=2)
    widths = {4: "32-bit WAV", 3: "24-bit WAV", 1: "8-bit WAV"}
    others = [sound(name, seconds=0.5, width=width) for width, name in widths.items()]
    return ((sound("sound", seconds=0.5), (stereo, *others)),)


def sounds() -> Iterator[Medium]:
    """The most telling first."""
    ((_, (stereo, four, three, one)),) = same()
    yield wav("WAV without a sample", b"", 16000, 1, 2)
    yield stereo
    yield one_sided()
    yield wav("WAV of one sample", b"\0\1", 16000, 1, 2)
    yield wav("silent WAV", bytes(8000), 16000, 1, 2)
    yield sound("8-bit WAV of an odd length", seconds=0.2501, width=1)
    yield sound("WAV of 44.1 kHz", seconds=0.25, rate=44100)
    yield four
    yield wav("24-bit WAV of an odd length", bytes(range(1, 244)) * 3, 16000, 1, 3)
    yield three
    yield one
    yield sound("WAV of 8 kHz", seconds=0.25, rate=8000)
    yield sound("WAV of ten seconds", seconds=10, rate=8000)
    yield sound("WAV of six channels", seconds=0.1, channels=6)
    yield from compressed.sounds()
