"""The main colours of a picture."""

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        image: Path = Input(description="Picture to look at."),
        colors: int = Input(description="How many colours.", default=4, ge=1, le=8),
        seed: int = Input(description="Where to begin.", default=0, ge=0, le=1000),
    ) -> list[str]:
        try:
            picture = Image.open(str(image)).convert("RGB").resize((24, 24))
        except (OSError, ValueError) as exc:
            raise ValueError("image cannot be read as a picture") from exc
        pixels = np.asarray(picture).reshape(-1, 3).astype(float)
        distinct = np.unique(pixels, axis=0)
        dice = np.random.default_rng(seed)
        centres = dice.choice(distinct, size=colors, replace=False)
        for _ in range(3):
            nearest = ((pixels[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
            groups = [pixels[nearest == n] for n in range(colors)]
            pairs = zip(groups, centres, strict=True)
            centres = np.array([g.mean(axis=0) if len(g) else c for g, c in pairs])
        return [f"#{int(r):02x}{int(g):02x}{int(b):02x}" for r, g, b in centres]
