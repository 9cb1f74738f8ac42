"""Makes names for addresses out of titles."""

import re
import unicodedata

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        title: str = Input(
            description="A title. Accents are taken off and joined signs taken apart (Unicode "
            "NFKD); whatever is then not a letter from a to z or a digit parts two words.",
            default="Crème brûlée & other sweets",
            max_length=2000,
        ),
        separator: str = Input(
            description="What stands between words.", default="-", choices=["-", "_", "."]
        ),
        most: int = Input(
            description="The most characters; words that no longer fit are left out, and a first "
            "word that is longer is cut.",
            default=60,
            ge=8,
            le=200,
        ),
    ) -> str:
        """The name in small letters: many titles have the same. Nothing left: 'untitled'."""
        plain = unicodedata.normalize("NFKD", title).lower()
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        words = re.findall(r"[a-z0-9]+", plain)
        if not words:
            return "untitled"
        name = words[0][:most]
        for word in words[1:]:
            if len(name) + len(separator) + len(word) > most:
                break
            name += separator + word
        return name
