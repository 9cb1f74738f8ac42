"""Counts how hard a text is to read, and remembers the last texts."""

import re
from functools import lru_cache

from cog import BaseModel, BasePredictor, Input

VOWELS = {"en": "aeiouy", "de": "aeiouyäöü", "es": "aeiouáéíóúü"}


class Ease(BaseModel):
    """Averages; all of them are 0 for a text without words."""

    words: int
    sentences: int
    letters_per_word: float
    words_per_sentence: float
    long_words: float


@lru_cache(maxsize=32)
def counted(text: str, vowels: str, long_from: int) -> tuple[int, int, int, int]:
    """Words, sentences, letters and long words."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    sentences = len(re.findall(r"(?<![.!?])[.!?]+(?=\s|$)", text)) or 1
    groups = re.compile(f"[{vowels}]+")
    long = sum(1 for word in words if len(groups.findall(word)) >= long_from)
    return len(words), sentences, sum(map(len, words)), long


class Predictor(BasePredictor):
    """Reading ease."""

    def predict(
        self,
        text: str = Input(
            description="The text.",
            default="The mill stands at the river. Nobody remembers who built it.",
            max_length=5000,
        ),
        language: str = Input(
            description="Whose vowels make syllables.", default="en", choices=list(VOWELS)
        ),
        long_from: int = Input(
            description="Groups of vowels from which a word is long.", default=3, ge=1, le=10
        ),
        digits: int = Input(description="Digits after the point.", default=2, ge=0, le=6),
    ) -> Ease:
        """Count it. Sentences are counted by their ends; without any it is one."""
        words, sentences, letters, long = counted(text, VOWELS[language], long_from)
        if not words:
            return Ease(
                words=0,
                sentences=0,
                letters_per_word=0.0,
                words_per_sentence=0.0,
                long_words=0.0,
            )
        return Ease(
            words=words,
            sentences=sentences,
            letters_per_word=round(letters / words, digits),
            words_per_sentence=round(words / sentences, digits),
            long_words=round(long / words, digits),
        )
