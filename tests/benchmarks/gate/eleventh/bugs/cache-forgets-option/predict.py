"""Finds the words that a text is about."""

import re
from collections import Counter, OrderedDict

from cog import BaseModel, BasePredictor, Input

COMMON = {
    "en": {"the", "and", "with", "that", "from", "this", "into", "were", "have"},
    "de": {"der", "die", "das", "und", "mit", "von", "ein", "eine", "sind"},
    "fr": {"les", "des", "une", "avec", "dans", "pour", "que", "est", "sur"},
}
KEPT = 64


class Keyword(BaseModel):
    """A word and how often it stands there."""

    word: str
    count: int


class Memory:
    """The latest answers."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.answers: OrderedDict[tuple[str, ...], list[tuple[str, int]]] = OrderedDict()

    def get(self, key: tuple[str, ...]) -> list[tuple[str, int]] | None:
        """What was answered before, if it is still known."""
        return self.answers.get(key)

    def put(self, key: tuple[str, ...], answer: list[tuple[str, int]]) -> None:
        """Keep an answer; the oldest goes."""
        self.answers[key] = answer
        while len(self.answers) > self.most:
            self.answers.popitem(last=False)


class Predictor(BasePredictor):
    """Counts words."""

    def setup(self) -> None:
        """Begin with an empty memory."""
        self.memory = Memory(KEPT)

    def ranked(self, text: str, language: str, shortest: int) -> list[tuple[str, int]]:
        """All keywords, the most frequent first."""
        key = (text, language)
        known = self.memory.get(key)
        if known is None:
            words = re.findall(r"[^\W\d_]+", text.lower())
            counts = Counter(
                word for word in words if len(word) >= shortest and word not in COMMON[language]
            )
            known = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            self.memory.put(key, known)
        return known

    def predict(
        self,
        text: str = Input(
            description="The text.",
            default="The river carries the boats, and the boats carry grain from the river mills.",
            max_length=5000,
        ),
        language: str = Input(
            description="Whose common words are left out.", default="en", choices=list(COMMON)
        ),
        shortest: int = Input(
            description="Letters that a keyword has at least.", default=4, ge=1, le=12
        ),
        top: int = Input(description="At most so many keywords.", default=5, ge=1, le=50),
    ) -> list[Keyword]:
        """The keywords, the most frequent first."""
        found = self.ranked(text, language, shortest)[:top]
        return [Keyword(word=word, count=count) for word, count in found]
