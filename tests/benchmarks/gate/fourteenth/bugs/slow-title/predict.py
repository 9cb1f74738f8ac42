"""Makes a file name of a title."""

import re
import unicodedata

from cog import BasePredictor, Input

TITLE = re.compile(r"^(?:[A-Za-z0-9]+[ -]?)+$")


class Predictor(BasePredictor):
    """Titles in, names out."""

    def predict(
        self,
        title: str = Input(
            description="Words of letters and digits with a space or dash between; accents go, "
            "all else is refused.",
            default="Report on the spring sale 2",
            min_length=1,
            max_length=120,
        ),
        joiner: str = Input(
            description="What stands between the words.", default="-", choices=["-", "_", "."]
        ),
        longest: int = Input(description="Cut the name at this length.", default=60, ge=8, le=120),
        ending: str = Input(description="The ending.", default="txt", choices=["txt", "md", "csv"]),
    ) -> str:
        """The name in small letters, with its ending."""
        plain = unicodedata.normalize("NFKD", title)
        plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).strip()
        if not TITLE.match(plain):
            raise ValueError("a title is of words with one space or dash between")
        words = re.split(r"[ -]", plain.lower())
        name = joiner.join(word for word in words if word)[:longest].rstrip(joiner)
        return f"{name}.{ending}"
