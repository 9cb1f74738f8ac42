"""Say in a sentence how many dark shapes a picture shows."""

from cog import BasePredictor, Input, Path
from PIL import Image, ImageOps

LARGEST = 1_000_000
MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}


def load(path: Path) -> Image.Image:
    """Read a picture as grey, transparent parts white, at most 96 pixels wide and high."""
    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as picture:
            pixels, mode = picture.width * picture.height, picture.mode
            if pixels <= LARGEST and mode in MODES:
                layer = ImageOps.exif_transpose(picture).convert("RGBA")
    except Exception as error:
        raise ValueError("this is not a PNG or JPEG picture that can be read") from error
    if pixels > LARGEST or mode not in MODES:
        raise ValueError("only pictures of 8 bits a channel and up to 1 million pixels are taken")
    grey = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("L")
    grey.thumbnail((96, 96), Image.Resampling.NEAREST)
    return grey


def erase(dark: set[tuple[int, int]], x: int, y: int) -> None:
    """Take away a dark pixel and all that hang together with it."""
    if (x, y) not in dark:
        return
    dark.remove((x, y))
    for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        erase(dark, x + across, y + down)


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(
            description="A PNG or JPEG picture of 8 bits a channel, at most 1 million pixels."
        ),
        threshold: int = Input(
            description="Pixels darker than this belong to a shape.", default=128, ge=1, le=255
        ),
    ) -> str:
        """Return a caption; it is counted at 96 x 96 pixels or less."""
        grey = load(image)
        places = ((x, y) for y in range(grey.height) for x in range(grey.width))
        dark = {place for place in places if grey.getpixel(place) < threshold}
        shapes = 0
        while dark:
            shapes += 1
            erase(dark, *next(iter(dark)))
        if shapes == 0:
            return "The picture shows no dark shape."
        return f"The picture shows {shapes} dark shape{'s' if shapes > 1 else ''}."
