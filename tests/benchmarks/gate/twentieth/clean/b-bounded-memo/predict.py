"""Turns titles into slugs for addresses."""

import re
import unicodedata
from collections import OrderedDict

from cog import BaseModel, BasePredictor, Input

KEEP = 64
LONGEST = 200


class Output(BaseModel):
    """The slug, and how many words it has."""

    slug: str
    words: int


class Predictor(BasePredictor):
    """A maker of slugs that remembers the last few titles."""

    def setup(self) -> None:
        """Begin with nothing remembered."""
        self.seen: OrderedDict[tuple[str, str], tuple[str, int]] = OrderedDict()

    def predict(
        self,
        title: str = Input(
            description=(
                "Title of up to 200 characters; longer ones are refused. Accents are taken off, "
                "and all but the letters a to z and the digits 0 to 9 is dropped and parts words. "
                "A title of which nothing is left is refused."
            ),
            default="Ten Crème Brûlées & a Café",
        ),
        separator: str = Input(
            description="What goes between words.", default="-", choices=["-", "_", "."]
        ),
    ) -> Output:
        """Make the slug, or remember it."""
        if len(title) > LONGEST:
            raise ValueError(f"title is longer than {LONGEST} characters")
        key = (title, separator)
        if key not in self.seen:
            self.seen[key] = self.make(title, separator)
            if len(self.seen) > KEEP:
                self.seen.popitem(last=False)
        slug, words = self.seen[key]
        return Output(slug=slug, words=words)

    def make(self, title: str, separator: str) -> tuple[str, int]:
        letters = unicodedata.normalize("NFKD", title).lower()
        bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
        words = re.findall(r"[a-z0-9]+", bare)
        if not words:
            raise ValueError("nothing of the title can be in a slug")
        return separator.join(words), len(words)
