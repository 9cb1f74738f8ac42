"""Make a short title from the start of a text."""

import re

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Titles for lists."""

    def predict(
        self,
        text: str = Input(
            description="Any text; only its first 10000 characters are looked at",
            default="The ferry to the island leaves at noon, and comes back at six.",
        ),
        limit: int = Input(
            description="Longest title in characters, with the ellipsis that tells of a cut",
            default=30,
            ge=5,
            le=200,
        ),
        case: str = Input(
            description="Keep the letters, or make them small ones, which may lengthen some",
            default="keep",
            choices=["keep", "lower"],
        ),
    ) -> str:
        """Give the title; a text without anything to read gives the title "untitled"."""
        clean = re.sub(r"[\s\x00-\x1f]+", " ", text[:10000]).strip()
        if case == "lower":
            clean = clean.lower()
        if not clean:
            return "untitled"
        if len(clean) <= limit:
            return clean
        cut = clean[: limit - 1]
        space = cut.rfind(" ")
        if space >= limit // 2:
            cut = cut[:space]
        return cut.rstrip(" ,;:") + "…"
