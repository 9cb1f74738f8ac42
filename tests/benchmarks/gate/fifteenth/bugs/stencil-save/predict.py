"""Make a small preview of a picture."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK")


class Predictor(BasePredictor):
    """Previews for a gallery."""

    def setup(self) -> None:
        """Make the folder for the previews."""
        self.folder = Path(tempfile.mkdtemp())

    def predict(
        self,
        image: Path = Input(description="A picture of 8 bits a colour, up to 40 million points"),
        size: int = Input(description="Longest side of the preview", default=128, ge=16, le=1024),
        format: str = Input(description="Kind of file", default="jpeg", choices=["jpeg", "png"]),
        background: str = Input(
            description="What shows through", default="white", choices=["white", "black"]
        ),
    ) -> Path:
        """Shrink the picture; it is never made larger."""
        try:
            with Image.open(str(image)) as opened:
                if opened.width * opened.height > 40_000_000:
                    raise ValueError("image is too large")
                if opened.mode not in MODES:
                    raise ValueError("more than 8 bits, or strange colours")
                opened.load()
                picture = ImageOps.exif_transpose(opened)
        except Exception as error:
            raise ValueError("image must be a readable picture of 8 bits") from error
        if picture.mode == "CMYK":
            picture = picture.convert("RGB")
        picture.thumbnail((size, size))
        if format == "jpeg" and picture.mode == "RGBA":
            flat = Image.new("RGB", picture.size, background)
            flat.paste(picture, mask=picture.getchannel("A"))
            picture = flat
        target = self.folder / f"preview.{format}"
        picture.save(str(target), format=format.upper())
        return target
