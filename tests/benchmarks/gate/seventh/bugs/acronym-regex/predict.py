"""Prepares a text for reading aloud: capitals are spelled out."""

import re

from cog import BasePredictor, Input

HEADLINE = re.compile(r"(?:[A-Z]+\.?,?\s*)+")


class Predictor(BasePredictor):
    def spell(self, word: str) -> str:
        bare = word.strip(".,!?")
        if 2 <= len(bare) <= 4 and bare.isalpha() and bare.isupper():
            return word.replace(bare, "-".join(bare))
        return word

    def read_line(self, line: str, keep_headlines: bool) -> str:
        if keep_headlines and HEADLINE.fullmatch(line):
            return line.capitalize()
        return " ".join(self.spell(word) for word in line.split())

    def predict(
        self,
        text: str = Input(
            description="Text to prepare", default="NEWS\nThe BBK said that it will rain."
        ),
        keep_headlines: bool = Input(
            description="Lines all in capitals are headlines and are not spelled out", default=True
        ),
    ) -> str:
        return "\n".join(self.read_line(line, keep_headlines) for line in text.split("\n"))
