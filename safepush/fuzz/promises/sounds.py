"""What is to be heard in a sound, where it is WAV."""

import io
import wave
from dataclasses import dataclass
from typing import Any

import numpy as np

from safepush.compare import File


@dataclass(frozen=True, eq=False)
class Heard:
    """Its samples, from -1 to 1: a row for each frame, a column for each channel."""

    rate: int
    #: bytes of a sample in the file
    width: int
    samples: Any
    #: whether it has as many frames as it says
    is_whole: bool

    @property
    def channels(self) -> int:
        """How many there are."""
        return int(self.samples.shape[1])


def heard(file: File) -> Heard | None:
    """A sound of 8 to 32 bits, as far as it goes; None of anything else."""
    try:
        with wave.open(io.BytesIO(file.content)) as sound:
            channels, width, rate, count = sound.getparams()[:4]
            raw = sound.readframes(count)
    except (wave.Error, EOFError):
        return None
    if not 1 <= width <= 4:
        return None
    frames = len(raw) // (channels * width)
    whole = np.zeros((frames * channels, 4), np.uint8)
    whole[:, 4 - width :] = np.frombuffer(raw, np.uint8)[: whole.shape[0] * width].reshape(
        -1, width
    )
    if width == 1:
        whole[:, 3] ^= 128  # 8 bits have no sign
    samples = whole.view("<i4").reshape(-1, channels) / 2**31
    return Heard(rate, width, samples, len(raw) == count * channels * width)
