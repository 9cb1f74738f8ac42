"""Translate simple English into a small constructed language, word by word."""

import re

from cog import BasePredictor, Input


def read_pairs(text: str) -> dict[str, str]:
    """Read lines like `word=translation`."""
    pairs = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        word, equals, translation = line.partition("=")
        if not equals or not word.strip().isalpha() or not translation.strip():
            raise ValueError("each line of extra must look like word=translation")
        pairs[word.strip().lower()] = translation.strip()
    return pairs


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Read the glossary."""
        self.glossary = {
            "the": "la",
            "a": "unu",
            "tree": "arbo",
            "river": "rivo",
            "house": "domo",
            "old": "olda",
            "is": "estas",
            "near": "apud",
            "and": "kaj",
        }

    def predict(
        self,
        text: str = Input(
            description="The English text. Words that are not known stay as they are.",
            default="The old tree is near the river.",
            max_length=5000,
        ),
        extra: str = Input(
            description="Words for this request alone, one word=translation a line.",
            default="",
            max_length=2000,
        ),
    ) -> str:
        """Return the translation; a word that began with a capital does so again."""
        glossary = self.glossary
        glossary.update(read_pairs(extra))

        def translate(match: re.Match[str]) -> str:
            word = match.group(0)
            found = glossary.get(word.lower(), word)
            return found[:1].upper() + found[1:] if word[:1].isupper() else found

        return re.sub(r"[^\W\d_]+", translate, text)
