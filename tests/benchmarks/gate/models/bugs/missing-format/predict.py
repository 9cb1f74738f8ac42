"""Names the codec of an output format."""

from cog import BasePredictor, Input

CODECS = {"png": "deflate", "jpg": "dct", "gif": "lzw", "tiff": "packbits"}


class Predictor(BasePredictor):
    def predict(
        self,
        output_format: str = Input(
            description="The file's format.",
            default="png",
            choices=["png", "jpg", "gif", "tiff", "webp"],
        ),
        quality: int = Input(description="Percent.", default=80, ge=1, le=100),
    ) -> str:
        return f"{CODECS[output_format]} at {quality}"
