"""Finds and replaces in a text."""

import re
from collections.abc import Callable

from cog import BaseModel, BasePredictor, Input

KEEPERS: dict[str, Callable[[str, str], str]] = {
    "as given": lambda found, new: new,
    "as found": lambda found, new: new.upper() if found.isupper() else new,
    "in brackets": lambda found, new: f"[{new}]",
}


class Changed(BaseModel):
    """The new text and how often something was replaced."""

    text: str
    replaced: int


class Finder:
    """Compiles what to look for."""

    def __init__(self, ignore_case: bool) -> None:
        self.flags = re.IGNORECASE if ignore_case else re.NOFLAG

    def anywhere(self, find: str) -> re.Pattern[str]:
        """Also within a word."""
        return re.compile(re.escape(find), self.flags)

    def whole(self, find: str) -> re.Pattern[str]:
        """Where no letter or digit touches it."""
        return re.compile(rf"(?<!\w){re.escape(find)}(?!\w)")


class Predictor(BasePredictor):
    """Replaces plain text; there are no patterns."""

    def predict(
        self,
        text: str = Input(
            description="The text.",
            default="The cat sat on the mat. Another cat sat in the hat.",
            max_length=5000,
        ),
        find: str = Input(
            description="What to replace.", default="cat", min_length=1, max_length=100
        ),
        new: str = Input(description="What to put there.", default="dog", max_length=100),
        ignore_case: bool = Input(
            description="Small and capital letters are the same.", default=False
        ),
        whole_words: bool = Input(description="Not within longer words.", default=False),
        manner: str = Input(
            description="How the new text is put there.", default="as given", choices=list(KEEPERS)
        ),
    ) -> Changed:
        """The changed text."""
        finder = Finder(ignore_case)
        pattern = finder.whole(find) if whole_words else finder.anywhere(find)
        keep = KEEPERS[manner]
        changed, count = pattern.subn(lambda match: keep(match.group(), new), text)
        return Changed(text=changed, replaced=count)
