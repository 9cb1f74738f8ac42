"""Finds numbers, mail addresses and links in a text."""

import re

from cog import BaseModel, BasePredictor, Input

PATTERNS = {
    "mail": rb"[a-z0-9._-]{1,64}@[a-z0-9-]{1,63}\.[a-z]{2,10}",
    "link": rb"https?://[^\s]+",
    "number": rb"\d+",
}


class Found(BaseModel):
    kind: str
    texts: list[str]
    starts: list[int]
    ends: list[int]


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.patterns = {kind: re.compile(pattern, re.I) for kind, pattern in PATTERNS.items()}

    def predict(
        self,
        text: str = Input(description="Text to search", default="Call 555 0199 before 12 o'clock."),
        kind: str = Input(
            description="What to look for", default="number", choices=["mail", "link", "number"]
        ),
    ) -> Found:
        """Give what was found; each of it is text[start:end]."""
        raw = text.encode("utf-8", "surrogatepass")
        matches = list(self.patterns[kind].finditer(raw))
        return Found(
            kind=kind,
            texts=[match.group().decode("utf-8", "surrogatepass") for match in matches],
            starts=[match.start() for match in matches],
            ends=[match.end() for match in matches],
        )
