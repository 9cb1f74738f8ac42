"""Invented names for characters in games."""

import random

from cog import BaseModel, BasePredictor, Input

SYLLABLES = {
    "soft": ["la", "me", "ri", "no", "sha", "el", "o", "ny"],
    "hard": ["kra", "dok", "tu", "gor", "zik", "ba", "rut"],
}


class Names(BaseModel):
    names: list[str]
    seed: int


def invent(generator: random.Random, style: str, letters: int) -> str:
    """Join syllables until there are letters enough."""
    name = ""
    while len(name) < letters:
        name += generator.choice(SYLLABLES[style])
    return name[:letters].capitalize()


class Predictor(BasePredictor):
    def predict(
        self,
        count: int = Input(
            description="How many; one name may come twice.", default=5, ge=1, le=50
        ),
        style: str = Input(description="Sound.", default="soft", choices=list(SYLLABLES)),
        min_letters: int = Input(description="Shortest name.", default=4, ge=2, le=16),
        max_letters: int = Input(
            description="Longest name; not below min_letters.", default=8, ge=2, le=16
        ),
        seed: int | None = Input(
            description="For the same names again. Without one, names are drawn by chance, and "
            "the answer tells the seed.",
            default=None,
            ge=0,
            le=2**31 - 1,
        ),
    ) -> Names:
        """Draw names."""
        if min_letters > max_letters:
            raise ValueError("max_letters is below min_letters")
        chosen = random.SystemRandom().randrange(2**31) if seed is None else seed
        generator = random.Random(chosen)
        lengths = [generator.randint(min_letters, max_letters) for _ in range(count)]
        return Names(names=[invent(generator, style, n) for n in lengths], seed=chosen)
