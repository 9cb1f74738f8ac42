"""Makes the part of an address that stands for an article."""

import re
import unicodedata

from cog import BasePredictor, Input


def words_of(text: str) -> list[str]:
    """The words of a text, in plain letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.findall(r"[A-Za-z0-9]+", plain)


class Predictor(BasePredictor):
    """Turns titles into slugs."""

    def predict(
        self,
        title: str = Input(
            description="Title of the article.",
            default="A Quick Guide to Winter Hiking",
            max_length=300,
        ),
        limit: int = Input(
            description="The slug is never longer than this many characters.",
            default=40,
            ge=5,
            le=80,
        ),
        separator: str = Input(
            description="What stands between two words.", default="-", choices=["-", "_"]
        ),
        suffix: str = Input(
            description="Comes after the title, such as the code of a language.",
            default="en",
            max_length=12,
        ),
        keep_case: bool = Input(description="Keep capital letters.", default=False),
    ) -> str:
        """One slug."""
        slug = separator.join(words_of(title) or ["untitled"])
        slug = slug[:limit].rstrip(separator)
        tail = separator.join(words_of(suffix))
        if tail:
            slug = f"{slug}{separator}{tail}"
        return slug if keep_case else slug.lower()
