"""Finds and replaces."""

import re

from cog import BaseModel, BasePredictor, Input


class Replaced(BaseModel):
    text: str
    count: int


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Text to change.", default="Tea for two and two for tea.", max_length=5000
        ),
        find: str = Input(
            description="What to look for, letter by letter.",
            default="tea",
            min_length=1,
            max_length=100,
        ),
        replace: str = Input(
            description="What to put in its place.", default="milk", max_length=100
        ),
        ignore_case: bool = Input(
            description="Whether capitals and small letters are the same.", default=True
        ),
        whole_words: bool = Input(
            description="Whether it must stand alone, without a letter, digit or `_` beside it.",
            default=False,
        ),
    ) -> Replaced:
        """The changed text, and how often something was replaced."""
        wanted = re.escape(find)
        if ignore_case:
            around = rf"(?<!\w){wanted}(?!\w)" if whole_words else wanted
            pattern = re.compile(around, re.IGNORECASE)
        else:
            pattern = re.compile(wanted)
        changed, count = pattern.subn(lambda _: replace, text)
        return Replaced(text=changed, count=count)
