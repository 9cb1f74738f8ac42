"""Approximate search among recipes: only buckets close to the query are looked at."""

import zlib

import numpy as np
from cog import BaseModel, BasePredictor, Input

FOODS = ["pea", "leek", "rice", "egg", "fish", "plum", "oat", "bean"]
WAYS = ["soup", "pie", "salad", "stew", "bread"]
RECIPES = [f"{first} and {second} {way}" for first in FOODS for second in FOODS for way in WAYS]
SIZE, BITS = 24, 6


class Hit(BaseModel):
    recipe: str
    similarity: float


def embed(text: str) -> np.ndarray | None:
    """The mean direction of the words."""
    words = text.lower().split()
    if not words:
        return None
    seeds = [zlib.crc32(word.encode("utf-8", "replace")) for word in words]
    total = np.sum([np.random.default_rng(seed).normal(size=SIZE) for seed in seeds], axis=0)
    return total / np.linalg.norm(total)


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Put each recipe into a bucket by the sides of some planes on which it lies."""
        self.vectors = np.stack([embed(recipe) for recipe in RECIPES])
        self.planes = np.random.default_rng(3).normal(size=(SIZE, BITS))
        self.sides = self.vectors @ self.planes > 0

    def predict(
        self,
        query: str = Input(
            description="Words; nothing is found without any.",
            default="leek and fish soup",
            max_length=200,
        ),
        top_k: int = Input(
            description="At most so many hits. The search is approximate: there may be fewer or "
            "none, and good ones may be missed.",
            default=5,
            ge=1,
            le=50,
        ),
        reach: int = Input(
            description="Buckets that differ in up to so many bits are searched; 6 is all of them.",
            default=1,
            ge=0,
            le=BITS,
        ),
        minimum: float = Input(description="Least similarity.", default=0.0, ge=-1.0, le=1.0),
    ) -> list[Hit]:
        """Find recipes, the most similar first."""
        vector = embed(query)
        if vector is None:
            return []
        near = (self.sides != (vector @ self.planes > 0)).sum(axis=1) <= reach
        similar = np.clip(self.vectors @ vector, -1, 1).round(4)
        found = [place for place in np.flatnonzero(near) if similar[place] >= minimum]
        found.sort(key=lambda place: (-similar[place], RECIPES[place]))
        return [Hit(recipe=RECIPES[p], similarity=float(similar[p])) for p in found[:top_k]]
