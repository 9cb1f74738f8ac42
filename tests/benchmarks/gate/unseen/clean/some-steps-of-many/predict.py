"""Changes a picture in steps, and says so where none is left."""

from cog import BasePredictor, Input, Path
from PIL import Image, ImageFilter


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture to start from."),
        prompt_strength: float = Input(description="How much may change.", default=0.8, ge=0, le=1),
        num_inference_steps: int = Input(description="Denoising steps.", default=25, ge=1, le=100),
    ) -> Path:
        count = int(num_inference_steps * prompt_strength)
        if prompt_strength and not count:
            raise ValueError("num_inference_steps times prompt_strength must be at least 1")
        try:
            picture = Image.open(str(image)).convert("RGB").resize((64, 64))
        except (OSError, ValueError) as exc:
            raise ValueError("image cannot be read as a picture") from exc
        picture.filter(ImageFilter.GaussianBlur(count / 20)).save("/tmp/some-steps.png")
        return Path("/tmp/some-steps.png")
