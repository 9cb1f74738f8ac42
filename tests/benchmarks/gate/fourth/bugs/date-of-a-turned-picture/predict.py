"""The day a photograph was taken."""

from cog import BasePredictor, Input, Path
from PIL import Image

EXIF, TAKEN = 0x8769, 36867


class Predictor(BasePredictor):
    def predict(self, photo: Path = Input(description="A photograph.")) -> str:
        try:
            picture = Image.open(photo)
        except OSError:
            raise ValueError("photo is not a picture that can be read") from None
        about = picture.getexif()
        if not about:
            return "unknown"
        return str(about.get_ifd(EXIF)[TAKEN]).split(" ")[0].replace(":", "-")
