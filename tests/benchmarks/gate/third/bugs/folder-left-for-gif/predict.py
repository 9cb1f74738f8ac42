"""A turning square, as one of several kinds of file."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        degrees: int = Input(description="How far it turns a frame.", default=30, ge=1, le=90),
        format: str = Input(description="File.", default="png", choices=["png", "webp", "gif"]),
    ) -> Path:
        square = Image.new("L", (48, 48), 40)
        square.paste(220, (12, 12, 36, 36))
        frames = [square.rotate(degrees * number) for number in range(4)]
        if format == "gif":
            folder = Path(tempfile.mkdtemp())
            for number, frame in enumerate(frames):
                frame.save(folder / f"{number}.png")
            frames = [Image.open(folder / f"{number}.png") for number in range(4)]
            frames[0].save("/tmp/turn.gif", save_all=True, append_images=frames[1:])
            return Path("/tmp/turn.gif")
        frames[-1].save(f"/tmp/turn.{format}")
        return Path(f"/tmp/turn.{format}")
