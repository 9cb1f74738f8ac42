"""Finds addresses in a text."""

import re

from cog import BasePredictor, Input

PATTERNS = {
    "email": re.compile(r"[a-z0-9_.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}"),
    "host": re.compile(r"\b(?:[a-z0-9]+[-.]?)+\.(?:com|org|net|example)\b"),
    "phone": re.compile(r"\+[0-9]{1,3}(?:[ -][0-9]{2,8}){1,4}"),
}


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Text to search.",
            default="Write to info@shop.example or see www.shop.example, call +49 30 123456.",
            max_length=4000,
        ),
        kind: str = Input(description="What to find.", default="email", choices=list(PATTERNS)),
        unique: bool = Input(description="Each one once.", default=True),
        most: int = Input(description="At most so many.", default=20, ge=1, le=500),
    ) -> list[str]:
        """List what was found, in the order of the text, in small letters."""
        found = [match.group() for match in PATTERNS[kind].finditer(text.lower())]
        if unique:
            found = list(dict.fromkeys(found))
        return found[:most]
