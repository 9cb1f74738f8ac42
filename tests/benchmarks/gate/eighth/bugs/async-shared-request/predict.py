"""Translates words to a toy language while others wait."""

import asyncio

from cog import BasePredictor, Input, concurrent

VOWELS = "aeiou"


class Predictor(BasePredictor):
    async def setup(self):
        """Nothing has been asked yet."""
        self.text = ""

    @concurrent(max=4)
    async def predict(
        self,
        text: str = Input(description="What to translate.", default="good morning", max_length=500),
        syllable: str = Input(
            description="What comes after each vowel.", default="b", choices=["b", "f", "lef"]
        ),
    ) -> str:
        """Return the translation of the text."""
        self.text = text
        await asyncio.sleep(0.03)
        letters = []
        for letter in self.text:
            letters.append(letter)
            if letter.lower() in VOWELS:
                letters.append(syllable + letter.lower())
        return "".join(letters)
