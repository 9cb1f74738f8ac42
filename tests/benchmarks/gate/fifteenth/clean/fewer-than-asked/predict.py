"""Suggest recipes for what is in the kitchen."""

import re

from cog import BaseModel, BasePredictor, Input

RECIPES = {
    "omelette": {"egg", "butter", "salt"},
    "pancakes": {"egg", "flour", "milk", "salt"},
    "porridge": {"oats", "milk", "salt"},
    "bread": {"flour", "yeast", "salt", "water"},
    "tomato soup": {"tomato", "onion", "salt", "water"},
}


class Hit(BaseModel):
    """A recipe and what is missing for it."""

    name: str
    share: float
    missing: list[str]


class Predictor(BasePredictor):
    """Recipes by shared ingredients."""

    def predict(
        self,
        kitchen: str = Input(
            description="What there is, in any order; words that no recipe uses are ignored",
            default="egg, butter, milk",
            max_length=5000,
        ),
        top_k: int = Input(
            description="Give at most so many; there are five recipes, and those that share "
            "nothing are left out",
            default=3,
            ge=1,
            le=100,
        ),
        least: float = Input(description="Least share of ingredients", default=0.0, ge=0, le=1),
    ) -> list[Hit]:
        """Give the recipes that come nearest; an empty list if none does."""
        have = set(re.findall(r"[a-z]+", kitchen.lower()))
        hits = []
        for name, needs in RECIPES.items():
            share = len(needs & have) / len(needs)
            if share > 0 and share >= least:
                hits.append(Hit(name=name, share=round(share, 4), missing=sorted(needs - have)))
        hits.sort(key=lambda hit: (-hit.share, hit.name))
        return hits[:top_k]
