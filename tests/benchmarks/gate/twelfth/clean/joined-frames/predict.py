"""Small animations: a dot that moves across a coloured field, as a GIF."""

import math
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw

FIELDS = {"dusk": ("#2b2d42", "#ef233c"), "meadow": ("#344e41", "#dad7cd")}


class Predictor(BasePredictor):
    def predict(
        self,
        frames: int = Input(
            description="Frames to draw. Neighbours that look alike are joined in the file into "
            "one that stands longer, so there may be fewer.",
            default=8,
            ge=1,
            le=40,
        ),
        size: int = Input(description="Pixels a side.", default=48, ge=16, le=128),
        path: str = Input(
            description="How the dot moves; `still` does not.",
            default="circle",
            choices=["circle", "line", "still"],
        ),
        field: str = Input(description="Colours.", default="dusk", choices=list(FIELDS)),
        colours: int = Input(
            description="Shades of the palette; few of them look grainy.", default=16, ge=8, le=64
        ),
        frame_ms: int = Input(
            description="Time of a frame; GIF keeps it in hundredths of a second, rounded down.",
            default=80,
            ge=20,
            le=1000,
        ),
    ) -> Path:
        """Draw the animation, which repeats for ever."""
        gradient = Image.linear_gradient("L").resize((size, size))
        low, high = (Image.new("RGB", (size, size), colour) for colour in FIELDS[field])
        ground = Image.composite(high, low, gradient)
        pictures = []
        for number in range(frames):
            picture = ground.copy()
            x, y = self.place(path, number / frames, size)
            radius = size / 10
            box = (x - radius, y - radius, x + radius, y + radius)
            ImageDraw.Draw(picture).ellipse(box, fill="#ffffff")
            pictures.append(picture.quantize(colours))
        target = Path(tempfile.mkdtemp()) / "dot.gif"
        rest = pictures[1:]
        pictures[0].save(target, save_all=True, append_images=rest, duration=frame_ms, loop=0)
        return target

    def place(self, path: str, share: float, size: int) -> tuple[float, float]:
        """Where the dot is after this share of the time."""
        if path == "circle":
            turn = 2 * math.pi * share
            return size * (0.5 + 0.3 * math.cos(turn)), size * (0.5 + 0.3 * math.sin(turn))
        return (size * (0.2 + 0.6 * share) if path == "line" else size / 2), size / 2
