"""Draws the outline of a recording."""

import tempfile
import wave
from itertools import pairwise

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

MOST_FRAMES = 2_000_000


def unpacked(data: bytes, width: int) -> np.ndarray:
    """Samples between -1 and 1; those of one byte are unsigned."""
    if width == 1:
        return (np.frombuffer(data, np.uint8).astype(np.float64) - 128) / 128
    if width == 3:
        triples = np.frombuffer(data, np.uint8).reshape(-1, 3)
        padded = np.zeros((len(triples), 4), np.uint8)
        padded[:, 1:] = triples
        return padded.reshape(-1).view("<i4").astype(np.float64) / 2.0**31
    return np.frombuffer(data, f"<i{width}").astype(np.float64) / 2.0 ** (8 * width - 1)


def read(path: Path) -> np.ndarray:
    """Frames by channels."""
    try:
        with wave.open(str(path), "rb") as file:
            facts, data = file.getparams(), file.readframes(MOST_FRAMES)
    except Exception as error:
        raise ValueError("recording: this file cannot be read as WAV") from error
    if facts.sampwidth not in (1, 2, 3, 4):
        raise ValueError("recording: 8, 16, 24 or 32 bits")
    frame = facts.sampwidth * facts.nchannels
    data = data[: len(data) // frame * frame]
    return unpacked(data, facts.sampwidth).reshape(-1, facts.nchannels)


class Predictor(BasePredictor):
    """Time from left to right."""

    def predict(
        self,
        recording: Path = Input(
            description="A WAV file of whole numbers, 8 to 32 bits; other files are refused. "
            "The first two million frames are drawn, and nothing but the middle line "
            "if there is none."
        ),
        width: int = Input(description="Width in pixels.", default=400, ge=10, le=2000),
        height: int = Input(description="Height in pixels.", default=100, ge=3, le=500),
        scale: str = Input(
            description="Full: as loud as it is. Fit: the loudest place fills the height.",
            default="full",
            choices=["full", "fit"],
        ),
        dark: bool = Input(description="Light on dark.", default=False),
    ) -> Path:
        """The outline as PNG."""
        loud = np.abs(read(recording)).max(axis=1, initial=0)
        peak = loud.max(initial=0)
        if scale == "fit" and peak > 0:
            loud = loud / peak
        edges = np.linspace(0, len(loud), width + 1).astype(int)
        columns = np.array([loud[a : max(b, a + 1)].max(initial=0) for a, b in pairwise(edges)])
        middle = (height - 1) / 2
        distance = np.abs(np.arange(height) - middle)[:, None]
        inked = distance <= np.maximum(columns * middle, 0.5)[None, :]
        pixels = np.where(inked ^ dark, 30, 235).astype(np.uint8)
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(pixels).save(file, "PNG")
        return Path(file.name)
