"""A colour for a prompt, and not for another one."""

import numpy as np
from cog import BasePredictor, Input

SIZE = 8


def embedding(text: str) -> np.ndarray:
    chance = np.random.default_rng(sum(map(ord, text)))
    return chance.normal(0, 1, SIZE)


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What it is to be like.", default="a warm evening"),
        negative_prompt: str = Input(description="What it is not.", default=""),
        variant: str = Input(
            description="Which weights.", default="base", choices=["base", "large", "turbo"]
        ),
        guidance_scale: float = Input(description="How closely.", default=7.5, ge=1, le=20),
    ) -> list[float]:
        wanted = embedding(prompt)
        unwanted = None if variant == "turbo" else np.zeros(SIZE)
        if negative_prompt.strip():
            unwanted = unwanted + embedding(negative_prompt)
        if unwanted is not None:
            wanted = unwanted + guidance_scale * (wanted - unwanted)
        return [round(float(value), 4) for value in wanted]
