"""Picks one thing out of a text: an address, a tag, a number."""

import re

from cog import BasePredictor, Input

PATTERNS = {
    "email": r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}\w",
    "link": r"https?://[^\s<>\"]+",
    "hashtag": r"#\w+",
    "number": r"-?\d+(?:\.\d+)?",
}
PICKS = {
    "first": lambda found: next(iter(found), None),
    "last": lambda found: next(reversed(found), None),
    "longest": lambda found: max(found, key=len, default=None),
}


class Predictor(BasePredictor):
    """Finds by pattern."""

    def setup(self) -> None:
        """Compile the patterns."""
        self.patterns = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}

    def predict(
        self,
        text: str = Input(
            description="Where to look.",
            default="Write to office@example.org or see https://example.org/help #support 24",
            max_length=3000,
        ),
        kind: str = Input(description="What to look for.", default="email", choices=list(PATTERNS)),
        which: str = Input(
            description="Which one, if there are several.", default="first", choices=list(PICKS)
        ),
        unique: bool = Input(description="Count the same one once.", default=True),
    ) -> str:
        """The one that was found, an empty text if there is none."""
        found = self.patterns[kind].findall(text)
        if unique:
            found = list(dict.fromkeys(found))
        return PICKS[which](found)
