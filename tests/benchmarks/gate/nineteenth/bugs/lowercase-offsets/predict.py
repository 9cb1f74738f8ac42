"""Tags the terms of a list in a text."""

import re

from cog import BaseModel, BasePredictor, Input


class Found(BaseModel):
    terms: list[str]
    starts: list[int]
    ends: list[int]


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text to tag.",
            default="The Lake lies north of the village; a lake, not a pond.",
            max_length=20000,
        ),
        terms: str = Input(
            description="Terms to find, with commas between; large and small letters are alike.",
            default="lake, village",
            max_length=500,
        ),
        whole_words: bool = Input(description="Find whole words only.", default=True),
    ) -> Found:
        """Each place of a term, by where it starts: text[start:end] is the term as written."""
        wanted = {term.strip().lower() for term in terms.split(",")} - {""}
        lowered = text.lower()
        found = []
        for term in wanted:
            pattern = re.escape(term)
            if whole_words:
                pattern = rf"(?<!\w){pattern}(?!\w)"
            found += [(m.start(), m.end(), term) for m in re.finditer(pattern, lowered)]
        found.sort()
        return Found(
            terms=[term.encode("utf-8", "replace").decode("utf-8") for _, _, term in found],
            starts=[start for start, _, _ in found],
            ends=[end for _, end, _ in found],
        )
