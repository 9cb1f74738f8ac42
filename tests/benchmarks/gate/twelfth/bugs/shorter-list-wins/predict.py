"""Text normalisation ahead of speech: abbreviations are written out."""

import re

from cog import BaseModel, BasePredictor, Input

SHORT = {
    "en": {"dr": "doctor", "st": "street", "ave": "avenue", "approx": "approximately"},
    "de": {"dr": "Doktor", "str": "Straße", "nr": "Nummer", "ca": "circa"},
    "fr": {"dr": "docteur", "av": "avenue", "bd": "boulevard", "env": "environ"},
}
MOST = 100


class Spoken(BaseModel):
    text: str
    language: str


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Compile one expression for each language."""
        self.patterns = {
            language: re.compile(rf"\b({'|'.join(words)})\.", re.IGNORECASE)
            for language, words in SHORT.items()
        }

    def predict(
        self,
        texts: list[str] = Input(
            description="Texts, 1 to 100. There is one answer for each.",
            default=["Dr. Grey lives in Elm St.", "Dr. Grau wohnt in Nr. 5"],
        ),
        languages: list[str] = Input(
            description="The language of each text, in the same order: en, de or fr. Texts for "
            "which none is given are English.",
            default=["en", "de"],
        ),
        lowercase: bool = Input(description="Answer in small letters.", default=False),
    ) -> list[Spoken]:
        """Write abbreviations out."""
        if not 1 <= len(texts) <= MOST:
            raise ValueError(f"between 1 and {MOST} texts")
        if len(languages) > len(texts):
            raise ValueError("more languages than texts")
        unknown = set(languages) - set(SHORT)
        if unknown:
            raise ValueError("a language is one of en, de and fr")
        spoken = []
        for text, language in zip(texts, languages, strict=False):
            words = SHORT[language]
            written = self.patterns[language].sub(lambda m, w=words: w[m[1].lower()], text)
            spoken.append(Spoken(text=written.lower() if lowercase else written, language=language))
        return spoken
