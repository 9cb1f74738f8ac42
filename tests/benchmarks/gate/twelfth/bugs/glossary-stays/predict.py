"""Word by word translation, with a glossary of the caller's own."""

import re

from cog import BasePredictor, Input

WORDS = {
    "en-de": {"the": "das", "house": "Haus", "is": "ist", "red": "rot", "and": "und"},
    "en-fr": {"the": "la", "house": "maison", "is": "est", "red": "rouge", "and": "et"},
}


def read_entry(entry: str) -> tuple[str, str]:
    """One line of the glossary."""
    source, equals, target = entry.partition("=")
    if not equals or not source.strip() or not target.strip():
        raise ValueError("a glossary entry is word=translation")
    return source.strip().lower(), target.strip()


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Load the tables."""
        self.tables = {pair: dict(words) for pair, words in WORDS.items()}

    def predict(
        self,
        text: str = Input(
            description="Text to translate; unknown words stay as they are.",
            default="The house is red.",
            max_length=5000,
        ),
        pair: str = Input(description="Languages.", default="en-de", choices=list(WORDS)),
        glossary: list[str] = Input(
            description="Translations for this request, as word=translation, up to 50.",
            default=[],
        ),
        keep_case: bool = Input(description="Begin with a capital where it did.", default=True),
    ) -> str:
        """Translate."""
        if len(glossary) > 50:
            raise ValueError("at most 50 glossary entries")
        table = self.tables[pair]
        table.update(read_entry(entry) for entry in glossary)

        def translated(match: re.Match[str]) -> str:
            word = match.group()
            target = table.get(word.lower(), word)
            return target[0].upper() + target[1:] if keep_case and word[0].isupper() else target

        return re.sub(r"[^\W\d_]+", translated, text)
