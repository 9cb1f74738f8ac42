"""Make a small animation of a bouncing ball."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw


class Predictor(BasePredictor):
    """A ball as an animated GIF."""

    def setup(self) -> None:
        """Choose where the animation goes."""
        self.target = Path(tempfile.mkdtemp()) / "ball.gif"

    def predict(
        self,
        frames: int = Input(description="How many frames", default=8, ge=2, le=40),
        size: int = Input(description="Width and height", default=64, ge=32, le=200),
        colour: str = Input(
            description="Colour of the ball", default="red", choices=["red", "green", "blue"]
        ),
        bounce: float = Input(description="How high it jumps", default=0.7, ge=0, le=1),
    ) -> Path:
        """Draw the frames and join them."""
        folder = Path(tempfile.mkdtemp(prefix="frames-"))
        radius = size // 8
        for number in range(frames):
            time = 2 * number / frames - 1
            height = bounce * (1 - time * time)
            x = radius + (size - 2 * radius) * number / frames
            y = size - radius - height * (size - 2 * radius)
            frame = Image.new("RGB", (size, size), "white")
            box = (x - radius, y - radius, x + radius, y + radius)
            ImageDraw.Draw(frame).ellipse(box, fill=colour)
            frame.save(str(folder / f"{number:03}.png"))
        pictures = [Image.open(str(path)) for path in sorted(folder.glob("*.png"))]
        pictures[0].save(
            str(self.target), save_all=True, append_images=pictures[1:], duration=60, loop=0
        )
        for picture in pictures:
            picture.close()
        return self.target
