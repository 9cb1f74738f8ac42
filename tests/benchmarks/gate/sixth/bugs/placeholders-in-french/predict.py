"""A short sentence of a shop in another language."""

import re

from cog import BasePredictor, Input

WORDS = {
    "french": {
        "hello": "bonjour",
        "name": "nom",
        "your": "votre",
        "order": "commande",
        "is": "est",
        "ready": "prête",
        "price": "prix",
        "the": "le",
        "thank": "merci",
        "date": "date",
    },
    "german": {
        "hello": "hallo",
        "name": "Name",
        "your": "Ihre",
        "order": "Bestellung",
        "is": "ist",
        "ready": "fertig",
        "price": "Preis",
        "the": "der",
        "thank": "danke",
        "date": "Datum",
    },
}


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="What to translate. Placeholders in braces are left as they are.",
            default="Hello {user}, your order is ready.",
            max_length=5000,
        ),
        language: str = Input(
            description="The language to have.", default="french", choices=["french", "german"]
        ),
    ) -> str:
        known = WORDS[language]

        def translated(found: re.Match[str]) -> str:
            word = found.group()
            other = known.get(word.lower(), word)
            return other.capitalize() if word[0].isupper() else other

        return re.sub(r"[^\W\d_]+", translated, text)
