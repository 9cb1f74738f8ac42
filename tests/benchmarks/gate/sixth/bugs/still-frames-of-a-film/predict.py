"""A ball that moves from side to side, as a film."""

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw


class Predictor(BasePredictor):
    def predict(
        self,
        frames: int = Input(description="How many frames the GIF has.", default=8, ge=1, le=48),
        speed: int = Input(description="Pixels from frame to frame.", default=4, ge=0, le=32),
        width: int = Input(description="Pixels across.", default=96, ge=32, le=256),
    ) -> Path:
        way = width - 16
        drawn = []
        for at in range(frames):
            picture = Image.new("L", (width, 32), 255)
            turned = at * speed % (2 * way)
            left = min(turned, 2 * way - turned)
            ImageDraw.Draw(picture).ellipse((left, 8, left + 15, 23), fill=0)
            drawn.append(picture)
        drawn[0].save("/tmp/ball.gif", save_all=True, append_images=drawn[1:], duration=40, loop=0)
        return Path("/tmp/ball.gif")
