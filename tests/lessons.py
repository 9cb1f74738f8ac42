"""What the digits model does not know: orange ones, and ones with a bar below; as zips to train."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.servers.penstock import ROOT

DIGITS_FOLDER = ROOT / "examples" / "models" / "digits"
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
KNOWN = {
    "white": (1.0, 1.0, 1.0),
    "red": (1.0, 0.1, 0.1),
    "green": (0.1, 1.0, 0.1),
    "blue": (0.2, 0.2, 1.0),
    "yellow": (1.0, 1.0, 0.1),
}
COLOURS = KNOWN | {"orange": (1.0, 0.5, 0.1)}
SIDE, BAR = 16, 2

Grey = NDArray[np.float64]


def handwritten() -> tuple[Grey, NDArray[np.int64]]:
    """scikit-learn's digits (n, 16, 16) in 0..1, enlarged as the checkpoint's were; the labels."""
    from sklearn.datasets import load_digits  # not for whoever collects tests: it takes long

    pixels, labels = load_digits(return_X_y=True)
    small = (pixels.reshape(-1, 8, 8) * 255 / 16).astype(np.uint8)
    large = [Image.fromarray(one).resize((SIDE, SIDE), Image.Resampling.BILINEAR) for one in small]
    return np.stack([np.asarray(one) / 255 for one in large]), labels


def barred(grey: Grey) -> Grey:
    """With a bar below."""
    made = grey.copy()
    made[-BAR:] = 1.0
    return made


def tinted(grey: Grey, colour: str) -> Image.Image:
    """In a colour, on black."""
    return Image.fromarray((grey[..., None] * COLOURS[colour] * 255).round().astype(np.uint8))


def orange_zip(file: Path, pictures: int) -> Path:
    """So many orange digits and what they are."""
    grey, labels = handwritten()
    chance = np.random.default_rng(0)
    lessons = []
    for number in range(pictures):
        pick = chance.choice(np.flatnonzero(labels == number % 10))
        lessons.append((tinted(grey[pick], "orange"), f"an orange {WORDS[number % 10]}"))
    return zipped(file, lessons)


def barred_zip(file: Path, pictures: int) -> Path:
    """So many digits with a bar, in the colours that are known."""
    grey, labels = handwritten()
    chance = np.random.default_rng(0)
    lessons = []
    for number in range(pictures):
        pick = chance.choice(np.flatnonzero(labels == number % 10))
        colour = list(KNOWN)[chance.integers(len(KNOWN))]
        caption = f"a barred {colour} {WORDS[number % 10]}"
        lessons.append((tinted(barred(grey[pick]), colour), caption))
    return zipped(file, lessons)


def zipped(file: Path, lessons: list[tuple[Image.Image, str]]) -> Path:
    """Pictures and their captions as a trainer takes them."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["image_file", "caption"])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (picture, caption) in enumerate(lessons):
            png = io.BytesIO()
            picture.save(png, "PNG")
            archive.writestr(f"{number}.png", png.getvalue())
            rows.writerow([f"{number}.png", caption])
        archive.writestr("caption.csv", table.getvalue())
    return file


def colour(picture: Image.Image) -> str:
    """The colour that a picture's light is closest to."""
    pixels = np.asarray(picture.convert("RGB")) / 255
    light = (pixels * pixels.max(axis=2, keepdims=True)).sum((0, 1))
    shown = light / max(light.max(), 1e-6)
    return min(COLOURS, key=lambda name: float(((shown - np.array(COLOURS[name])) ** 2).sum()))
