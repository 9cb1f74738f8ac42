"""Finds bright spots and names their colours."""

import numpy as np
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

LABELS = ["red", "green", "blue", "white"]


class Detection(BaseModel):
    label: str
    score: float
    box: list[int]


class Output(BaseModel):
    width: int
    height: int
    count: int
    detections: list[Detection]


def regions(mask: np.ndarray) -> list[list[tuple[int, int]]]:
    """The parts of the mask that hang together, each as its cells."""
    left = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    found = []
    for first in sorted(left):
        if first not in left:
            continue
        left.discard(first)
        part = [first]
        for y, x in part:
            for cell in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
                if cell in left:
                    left.discard(cell)
                    part.append(cell)
        found.append(part)
    return found


class Predictor(BasePredictor):
    def load(self, path: Path) -> Image.Image:
        try:
            with Image.open(path) as opened:
                if opened.width * opened.height <= 4_000_000 and opened.mode[0] not in "IF":
                    picture = ImageOps.exif_transpose(opened).convert("RGBA")
                    black = Image.new("RGBA", picture.size, "black")
                    return Image.alpha_composite(black, picture).convert("RGB")
        except Exception as error:
            raise ValueError("the image could not be decoded") from error
        raise ValueError("the image has over 4 megapixels, or over 8 bits per channel")

    def predict(
        self,
        image: Path = Input(
            description="Photo of bright spots on a dark ground, up to 4 megapixels, 8 bits. "
            "Transparent is black."
        ),
        threshold: float = Input(
            description="Only detections with at least this score", default=0.5, ge=0, le=1
        ),
        labels: list[str] = Input(
            description="Labels to look for: red, green, blue, white. Empty: all of them.",
            default=[],
        ),
        max_detections: int = Input(description="Keep the best so many", default=20, ge=1, le=100),
    ) -> Output:
        """Boxes are [x1, y1, x2, y2] in pixels, x2 and y2 just outside; best score first."""
        if not set(labels) <= set(LABELS):
            raise ValueError(f"labels may be {', '.join(LABELS)}")
        picture = self.load(image)
        step = max(1.0, max(picture.size) / 128)
        columns, rows = (max(1, int(side / step)) for side in picture.size)
        small = np.asarray(picture.resize((columns, rows), Image.Resampling.BOX)) / 255
        found = []
        for part in regions(small.max(axis=2) >= 0.3):
            ys, xs = np.array(part).T
            mean = small[ys, xs].mean(axis=0)
            label = "white" if mean.max() - mean.min() < 0.25 else LABELS[int(mean.argmax())]
            across, down = picture.width / columns, picture.height / rows
            box = [int(xs.min() * across), int(ys.min() * down)]
            box += [int(np.ceil((xs.max() + 1) * across)), int(np.ceil((ys.max() + 1) * down))]
            box[2:] = [min(box[2], picture.width), min(box[3], picture.height)]
            found.append(Detection(label, round(float(mean.max()), 4), box))
        wanted = [d for d in found if d.score >= threshold and d.label in (labels or LABELS)]
        best = sorted(wanted, key=lambda d: (-d.score, d.box))[:max_detections]
        return Output(picture.width, picture.height, len(best), best)
