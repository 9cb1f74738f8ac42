"""How many pictures there are to train with, out of an archive."""

import zipfile

from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        images: Path = Input(description="A ZIP archive of pictures."),
        smallest: int = Input(description="Least side to count.", default=1, ge=1, le=4096),
    ) -> dict[str, int]:
        try:
            archive = zipfile.ZipFile(images)
        except (zipfile.BadZipFile, OSError):
            raise ValueError("images must be a ZIP archive") from None
        good = other = 0
        with archive:
            for entry in archive.infolist():
                try:
                    picture = Image.open(archive.open(entry))
                except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
                    other += 1
                    continue
                good += min(picture.size) >= smallest
        if not good:
            raise ValueError("images must hold a picture that is large enough")
        return {"pictures": good, "other": other}
