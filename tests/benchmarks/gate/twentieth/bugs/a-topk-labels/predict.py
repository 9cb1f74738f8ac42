"""Classifies pictures by what they show or where they were taken."""

import torch
from cog import BaseModel, BasePredictor, Input, Path
from PIL import Image, ImageOps

LABELS = {
    "animals": ["bird", "cat", "cow", "deer", "dog", "fish", "frog", "horse", "mouse", "sheep"],
    "places": ["beach", "city", "forest", "indoors", "mountain", "road"],
}


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


class Output(BaseModel):
    labels: list[str]
    scores: list[float]


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Make the two heads."""
        generator = torch.Generator().manual_seed(11)
        self.heads = {
            task: torch.randn(len(labels), 192, generator=generator)
            for task, labels in LABELS.items()
        }

    def predict(
        self,
        image: Path = Input(description="Picture, 8 bits a channel, at most 1024 pixels a side"),
        task: str = Input(
            description="What to tell", choices=["animals", "places"], default="animals"
        ),
        top_k: int = Input(
            description="How many of the likeliest labels to give, at most",
            ge=1,
            le=10,
            default=3,
        ),
    ) -> Output:
        """Give the likeliest labels, the likeliest first."""
        small = load_picture(image).resize((8, 8), Image.Resampling.BOX)
        features = torch.tensor(list(small.tobytes()), dtype=torch.float32) / 255 - 0.5
        scores = torch.softmax(self.heads[task] @ features / 4, dim=0)
        best = torch.topk(scores, top_k)
        return Output(
            labels=[LABELS[task][index] for index in best.indices.tolist()],
            scores=[round(score, 4) for score in best.values.tolist()],
        )
