"""Tells whether a text is a plain list of names."""

import re

from cog import BaseModel, BasePredictor, Input

NAMES = re.compile(r"^(?:[^\W\d_]+[ ,-]*)+\Z")
SEPARATORS = re.compile(r"[ ,-]+")


class Output(BaseModel):
    """Whether it is a list of names, and the names in it."""

    valid: bool
    names: list[str]


class Predictor(BasePredictor):
    """Checks lists of names."""

    def predict(
        self,
        text: str = Input(
            description="Names of letters alone, with spaces, commas or hyphens between them.",
            default="Ada, Bela, Cleo",
            max_length=2000,
        ),
        sort: bool = Input(description="Sort the names.", default=False),
    ) -> Output:
        """Names only of a text that holds nothing else."""
        if not NAMES.match(text):
            return Output(valid=False, names=[])
        names = [name for name in SEPARATORS.split(text.strip()) if name]
        return Output(valid=True, names=sorted(names) if sort else names)
