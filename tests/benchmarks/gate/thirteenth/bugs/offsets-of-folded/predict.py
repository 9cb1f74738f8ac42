"""Finds where a word stands in a text."""

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """The offsets in characters of text, from 0, and what stands there in the text."""

    offsets: list[int]
    found: list[str]


class Predictor(BasePredictor):
    """Searches."""

    def predict(
        self,
        text: str = Input(
            description="Where to look.", default="A cat and a cat.", max_length=20000
        ),
        word: str = Input(
            description="What to look for.", default="cat", min_length=1, max_length=50
        ),
        ignore_case: bool = Input(
            description="Take capitals and small letters for the same.", default=False
        ),
    ) -> Output:
        """All places that do not overlap, from left to right."""
        if not word:
            raise ValueError("word must not be empty")
        within = text.casefold() if ignore_case else text
        wanted = word.casefold() if ignore_case else word
        offsets: list[int] = []
        at = within.find(wanted)
        while at >= 0:
            offsets.append(at)
            at = within.find(wanted, at + len(wanted))
        return Output(offsets=offsets, found=[text[at : at + len(word)] for at in offsets])
