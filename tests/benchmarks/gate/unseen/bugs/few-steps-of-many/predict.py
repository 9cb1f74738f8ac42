"""Changes a picture: noise is taken away in steps, fewer of them where less may change."""

from cog import BasePredictor, Input, Path
from PIL import Image, ImageFilter


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture to start from."),
        prompt: str = Input(description="What to make of it.", default="a painting of a fox"),
        prompt_strength: float = Input(
            description="How much may change; 1 forgets the picture.", default=0.8, ge=0, le=1
        ),
        num_inference_steps: int = Input(description="Denoising steps.", default=25, ge=1, le=100),
        guidance_scale: float = Input(
            description="Weight of the prompt.", default=7.5, ge=1, le=20
        ),
    ) -> Path:
        try:
            picture = Image.open(str(image)).convert("RGB").resize((64, 64))
        except (OSError, ValueError) as exc:
            raise ValueError("image cannot be read as a picture") from exc
        count = int(num_inference_steps * prompt_strength)
        timesteps = [1000 * n // num_inference_steps for n in range(num_inference_steps)]
        timesteps = timesteps[::-1][num_inference_steps - count :]
        noise = timesteps[0] / 1000
        weight = guidance_scale * (1 + len(prompt) % 7)
        out = picture.filter(ImageFilter.GaussianBlur(noise * weight / 20))
        out.save("/tmp/few-steps-of-many.png")
        return Path("/tmp/few-steps-of-many.png")
