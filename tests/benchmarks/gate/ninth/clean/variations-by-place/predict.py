"""Makes prompts for a painter more vivid."""

import random

from cog import BasePredictor, Input

MEDIA = ["in oil", "in ink", "as a woodcut", "in chalk", "as a mosaic", "in watercolour"]
LIGHT = ["at dawn", "at noon", "by candle light", "under clouds", "in snow light", "at dusk"]
VIEWS = ["from above", "from far", "close up", "through a window", "from below", "from a boat"]


class Predictor(BasePredictor):
    """Every place in the list draws for itself."""

    def predict(
        self,
        prompts: list[str] = Input(
            description="What to paint, 200 at most. The same prompt at two places may become two "
            "different ones.",
            default=["a lighthouse", "a lighthouse", "two pears"],
        ),
        seed: int = Input(
            description="The same seed and place add the same words.",
            default=0,
            ge=0,
            le=2**32 - 1,
        ),
        richness: int = Input(
            description="How much is added; at 0 the prompts stay as they are and the seed has no "
            "effect.",
            default=2,
            ge=0,
            le=3,
        ),
    ) -> list[str]:
        """As many prompts as came in, in their order."""
        if len(prompts) > 200:
            raise ValueError("prompts: 200 at most")
        vivid = []
        for place, prompt in enumerate(prompts):
            chance = random.Random(seed * 1000 + place)
            added = [chance.choice(words) for words in (MEDIA, LIGHT, VIEWS)][:richness]
            vivid.append(", ".join([prompt, *added] if prompt else added))
        return vivid
