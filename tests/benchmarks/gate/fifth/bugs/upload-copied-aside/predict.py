"""The size of a picture, whatever its file was called."""

import shutil
import tempfile
from pathlib import Path as File

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="A picture."),
        ignore_name: bool = Input(description="Look at what is in it.", default=True),
    ) -> dict[str, int]:
        source = File(image)
        if ignore_name:
            source = File(tempfile.mkdtemp()) / "picture"
            shutil.copy(image, source)
        try:
            with Image.open(source) as picture:
                return {"width": picture.width, "height": picture.height}
        except OSError:
            raise ValueError("image cannot be read as a picture") from None
