"""Paints a pattern for a prompt, unless it must not."""

import hashlib
import re
import tempfile

import numpy as np
from cog import BasePredictor, Input, Path
from PIL import Image

REFUSED = {"blood", "weapon", "weapons", "gun", "guns"}
SIDE = 64


class Predictor(BasePredictor):
    def check(self, prompt: str) -> None:
        words = set(re.findall(r"\w+", prompt.lower()))
        if not words:
            raise ValueError("the prompt has no words")
        if words & REFUSED:
            raise ValueError("the prompt speaks of something that is not painted here")

    def predict(
        self,
        prompt: str = Input(
            description="What to paint: at least one word, and nothing of blood or weapons, "
            "or the prediction fails",
            default="tiles of an old kitchen",
        ),
        negative_prompt: str = Input(
            description="Words to keep out of the painting; they take effect where the prompt "
            "has them too",
            default="",
        ),
        tiles: int = Input(description="Tiles in a row", default=8, choices=[2, 4, 8, 16]),
        seed: int = Input(description="The same seed gives the same tiles", default=9, ge=0),
    ) -> Path:
        self.check(prompt)
        unwanted = set(negative_prompt.lower().split())
        wanted = [word for word in prompt.lower().split() if word not in unwanted]
        text = f"{seed} {' '.join(wanted)}"
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        rng = np.random.default_rng(list(digest))
        colours = rng.integers(0, 256, (4, 3))
        pattern = rng.integers(0, 4, (tiles, tiles))
        big = np.kron(pattern, np.ones((SIDE // tiles, SIDE // tiles), dtype=int))
        with tempfile.NamedTemporaryFile(suffix=".png", delete=False) as file:
            Image.fromarray(colours[big].astype(np.uint8)).save(file, "PNG")
        return Path(file.name)
