"""Translates word by word with a small glossary."""

import re

from cog import BaseModel, BasePredictor, Input

LANGUAGES = ["en", "de", "es"]
GLOSSARY = [
    ("house", "Haus", "casa"), ("river", "Fluss", "río"), ("tree", "Baum", "árbol"),
    ("water", "Wasser", "agua"), ("bread", "Brot", "pan"), ("and", "und", "y"),
    ("with", "mit", "con"), ("small", "klein", "pequeño"), ("green", "grün", "verde"),
    ("is", "ist", "es"), ("today", "heute", "hoy"), ("street", "Straße", "calle"),
]  # fmt: skip


class Output(BaseModel):
    translation: str
    source_language: str
    detected: bool
    unknown: list[str]


class Predictor(BasePredictor):
    def setup(self) -> None:
        self.known = {
            language: {row[column].casefold(): row for row in GLOSSARY}
            for column, language in enumerate(LANGUAGES)
        }

    def detect(self, text: str) -> str:
        words = re.findall(r"[^\W\d_]+", text.casefold())
        hits = {name: sum(word in self.known[name] for word in words) for name in LANGUAGES}
        return max(LANGUAGES, key=lambda name: hits[name])

    def predict(
        self,
        text: str = Input(
            description="Text to translate", default="Bread and water.", max_length=10000
        ),
        source_language: str = Input(
            description="Language of the text. auto takes the one with the most known words, and "
            "English if there are none; en goes before de, de before es.",
            default="auto",
            choices=["auto", *LANGUAGES],
        ),
        target_language: str = Input(
            description="Language to translate to. If it is that of the text, nothing changes.",
            default="de",
            choices=LANGUAGES,
        ),
        mark_unknown: bool = Input(
            description="Put words that are not in the glossary in [brackets]", default=False
        ),
    ) -> Output:
        """Capitals are kept: a Word becomes a Wort, a WORD a WORT. `unknown` are the words that
        were left as they are, each once."""
        clean = text.encode("utf-8", "replace").decode()
        source = self.detect(clean) if source_language == "auto" else source_language
        column = LANGUAGES.index(target_language)
        unknown: dict[str, None] = {}

        def translate(found: re.Match[str]) -> str:
            word = found[0]
            row = self.known[source].get(word.casefold())
            if row is None:
                unknown[word] = None
                return f"[{word}]" if mark_unknown else word
            other = row[column]
            if len(word) > 1 and word.isupper():
                return other.upper()
            return other[0].upper() + other[1:] if word[0].isupper() else other

        detected = source_language == "auto"
        if source == target_language:
            return Output(clean, source, detected, [])
        return Output(re.sub(r"[^\W\d_]+", translate, clean), source, detected, list(unknown))
