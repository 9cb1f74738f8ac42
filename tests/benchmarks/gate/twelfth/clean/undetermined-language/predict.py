"""Guesses the language of short texts from their small words."""

import re

from cog import BaseModel, BasePredictor, Input

WORDS = {
    "en": {"the", "and", "is", "of", "to", "in", "not", "with"},
    "de": {"der", "die", "das", "und", "ist", "nicht", "mit", "in"},
    "fr": {"le", "la", "les", "et", "est", "pas", "avec", "dans"},
}
UNKNOWN = "und"


class Guess(BaseModel):
    language: str
    share: float


class Predictor(BasePredictor):
    def predict(
        self,
        texts: list[str] = Input(
            description="Texts, up to 100. One guess for each, in order.",
            default=["the cat is in the house", "der Hund ist nicht da", "12345"],
        ),
        languages: list[str] = Input(
            description="Languages that may be answered: en, de, fr. All three if empty.",
            default=[],
        ),
        minimum: float = Input(
            description="Share of known words that a guess needs. Below it, and where two "
            "languages have the same share, the answer is `und`, undetermined.",
            default=0.2,
            ge=0.0,
            le=1.0,
        ),
    ) -> list[Guess]:
        """Guess a language for each text; the share is 0 where it is undetermined."""
        if len(texts) > 100:
            raise ValueError("at most 100 texts")
        if set(languages) - set(WORDS):
            raise ValueError("a language is en, de or fr")
        return [self.guess(text, set(languages) or set(WORDS), minimum) for text in texts]

    def guess(self, text: str, allowed: set[str], minimum: float) -> Guess:
        """The language with the greatest share of known words."""
        words = re.findall(r"[^\W\d_]+", text.lower())
        if not words:
            return Guess(language=UNKNOWN, share=0.0)
        shares = {
            language: sum(word in WORDS[language] for word in words) / len(words)
            for language in sorted(allowed)
        }
        best = max(shares, key=lambda language: shares[language])
        alone = list(shares.values()).count(shares[best]) == 1
        if not shares[best] or shares[best] < minimum or not alone:
            return Guess(language=UNKNOWN, share=0.0)
        return Guess(language=best, share=round(shares[best], 4))
