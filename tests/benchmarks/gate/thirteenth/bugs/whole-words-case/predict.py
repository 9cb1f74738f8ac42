"""Finds and replaces."""

import re

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """The new text, and how often something was replaced."""

    text: str
    replaced: int


class Predictor(BasePredictor):
    """Replaces plain text, without patterns."""

    def predict(
        self,
        text: str = Input(description="The text.", default="The cat saw another cat."),
        find: str = Input(description="What to look for; not empty.", default="cat"),
        replacement: str = Input(description="What to put there.", default="dog"),
        ignore_case: bool = Input(
            description="Capitals and small letters are the same.", default=False
        ),
        whole_words: bool = Input(
            description="Only where no letter, digit or underscore is next to it.", default=False
        ),
    ) -> Output:
        """Replace every place."""
        if not find:
            raise ValueError("find must not be empty")
        flags = re.IGNORECASE if ignore_case else 0
        if whole_words:
            pattern = re.compile(rf"(?<!\w){re.escape(find)}(?!\w)")
        else:
            pattern = re.compile(re.escape(find), flags)
        made, count = pattern.subn(lambda _: replacement, text)
        return Output(text=made, replaced=count)
