"""Make the address part of a page from its title."""

import re

from cog import BasePredictor, Input

TITLE = re.compile(r"^([a-z0-9]+[ -]?)+$", re.IGNORECASE | re.ASCII)


class Predictor(BasePredictor):
    def predict(
        self,
        title: str = Input(
            description=(
                "The title: English letters and digits, words apart by one space or hyphen. "
                "Other titles are refused."
            ),
            default="Ten Ways to Fold a Map",
            max_length=120,
        ),
        separator: str = Input(
            description="What stands between the words.", default="-", choices=["-", "_", "."]
        ),
        keep_case: bool = Input(description="Keep capital letters.", default=False),
    ) -> str:
        """Return the words of the title with the separator between them."""
        cleaned = title.strip()
        if not TITLE.match(cleaned):
            raise ValueError("the title may have only letters, digits and single spaces or hyphens")
        words = re.split(r"[ -]", cleaned.rstrip("-"))
        slug = separator.join(words)
        return slug if keep_case else slug.lower()
