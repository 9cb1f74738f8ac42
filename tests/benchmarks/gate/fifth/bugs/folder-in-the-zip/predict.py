"""How many pictures there are to train with, out of an archive, and their sizes."""

import zipfile

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        images: Path = Input(description="A ZIP archive of pictures."),
        smallest: int = Input(description="Least side to count.", default=1, ge=1, le=4096),
    ) -> dict[str, int]:
        if not zipfile.is_zipfile(images):
            raise ValueError("images must be a ZIP archive")
        sizes = []
        with zipfile.ZipFile(images) as archive:
            for name in archive.namelist():
                with archive.open(name) as file:
                    picture = Image.open(file)
                    sizes.append(min(picture.size))
        good = [size for size in sizes if size >= smallest]
        return {"pictures": len(good), "too_small": len(sizes) - len(good)}
