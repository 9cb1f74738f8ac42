"""Scores labels of one's own choice for a picture."""

import hashlib
import re

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

MOST_LABELS = 50
LABEL_LIST = re.compile(r"(\s*[\w-]+\s*,?)+")


def load_picture(path: Path) -> Image.Image:
    """Read the first frame, turned as its EXIF data says, in RGB on white."""
    try:
        with Image.open(path) as opened:
            if max(opened.size) > 1024:
                raise ValueError("image has more than 1024 pixels a side")
            picture = ImageOps.exif_transpose(opened)
        if picture.mode.startswith(("I", "F")):
            raise ValueError("image must have 8 bits a channel")
        picture = picture.convert("RGBA")
    except ValueError:
        raise
    except Exception as error:
        raise ValueError("image is not a picture that can be read") from error
    canvas = Image.new("RGBA", picture.size, "white")
    canvas.alpha_composite(picture)
    return canvas.convert("RGB")


def embed_label(label: str) -> np.ndarray:
    """Give the vector of a label, 192 numbers."""
    seed = int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(192)


class Output(BaseModel):
    labels: list[str]
    scores: list[float]


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture, 8 bits a channel, at most 1024 pixels a side"),
        labels: str = Input(
            description="Up to 50 labels, parted by commas; letters, digits, hyphens and spaces; "
            "a label that comes twice counts once",
            default="person, animal, landscape",
        ),
    ) -> Output:
        """Give the labels, the likeliest first, with scores that add up to 1."""
        if not LABEL_LIST.fullmatch(labels):
            raise ValueError("labels must be words parted by commas")
        wanted = list(dict.fromkeys(" ".join(one.split()) for one in labels.split(",")))
        wanted = [label for label in wanted if label]
        if len(wanted) > MOST_LABELS:
            raise ValueError(f"labels must be at most {MOST_LABELS}")
        small = load_picture(image).resize((8, 8), Image.Resampling.BOX)
        features = np.frombuffer(small.tobytes(), dtype=np.uint8) / 255 - 0.5
        logits = np.array([embed_label(label) @ features / 4 for label in wanted])
        scores = np.exp(logits - logits.max())
        scores /= scores.sum()
        order = np.argsort(-scores, kind="stable")
        return Output(
            labels=[wanted[index] for index in order],
            scores=[float(scores[index]) for index in order],
        )
