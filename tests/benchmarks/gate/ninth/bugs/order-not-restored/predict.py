"""Translates many short texts, word by word."""

import re

from cog import BasePredictor, Input

WORDS = {
    "one": "uno", "two": "due", "three": "tre", "red": "rosso", "house": "casa", "more": "più",
    "word": "parola", "words": "parole", "the": "il", "sea": "mare", "and": "e", "good": "buono",
}  # fmt: skip
CHUNK = 8


def translated(text):
    """Known words in Italian, all else as it was."""
    return re.sub(r"[a-z]+", lambda found: WORDS.get(found[0], found[0]), text)


class Predictor(BasePredictor):
    """Texts of like length share a pass, so that little is padded."""

    def translate_pass(self, texts):
        """Translate some texts of about the same length."""
        return [translated(text) for text in texts]

    def predict(
        self,
        texts: list[str] = Input(
            description="Texts in lower case English, 500 at most.",
            default=["the red house", "one word"],
        ),
    ) -> list[str]:
        """The translation of every text, in the order of the texts."""
        if len(texts) > 500:
            raise ValueError("texts: 500 at most")
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        done = []
        for start in range(0, len(order), CHUNK):
            done += self.translate_pass([texts[place] for place in order[start : start + CHUNK]])
        return [done[place] for place in order]
