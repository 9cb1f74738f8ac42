"""Figures about a text; some only if they are asked for."""

import re
from collections import Counter

from cog import BaseModel, BasePredictor, Input

EXTRAS = ["longest", "vowels", "top"]


class Figures(BaseModel):
    characters: int
    words: int
    lines: int
    longest: str | None = None
    vowels: int | None = None
    top: list[str] | None = None


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Any text.", default="A short text.\nOf two lines.", max_length=20000
        ),
        extras: list[str] = Input(
            description="Further figures: longest, vowels, top. The others are null.", default=[]
        ),
        top: int = Input(
            description="Words in `top`; means nothing unless that is asked for.",
            default=3,
            ge=1,
            le=20,
        ),
        ignore_case: bool = Input(
            description="Count words in small letters; concerns `top` alone.", default=True
        ),
    ) -> Figures:
        """Count."""
        if set(extras) - set(EXTRAS):
            raise ValueError("an extra is longest, vowels or top")
        words = re.findall(r"\w+", text)
        figures = Figures(characters=len(text), words=len(words), lines=text.count("\n") + 1)
        if "longest" in extras:
            figures.longest = max(words, key=len, default="")
        if "vowels" in extras:
            figures.vowels = len(re.findall("[aeiou]", text, re.IGNORECASE | re.ASCII))
        if "top" in extras:
            counts = Counter(word.lower() if ignore_case else word for word in words)
            ranked = sorted(counts, key=lambda word: (-counts[word], word))
            figures.top = ranked[:top]
        return figures
