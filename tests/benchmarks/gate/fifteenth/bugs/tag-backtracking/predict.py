"""Tidy the tags of an article."""

import re

from cog import BaseModel, BasePredictor, Input

TAGS = re.compile(r"^(?:[a-z0-9]+[, ]?)+$")


class Output(BaseModel):
    """The tags, tidied."""

    tags: list[str]
    valid: bool


class Predictor(BasePredictor):
    """Check and sort tags."""

    def predict(
        self,
        tags: str = Input(
            description="Tags of letters and digits, with commas or spaces between",
            default="garden, tools,spring",
            max_length=1000,
        ),
        limit: int = Input(description="Keep at most so many tags", default=10, ge=1, le=100),
        sort: bool = Input(description="Sort by the alphabet", default=True),
    ) -> Output:
        """Give each tag once; valid tells whether the list was well formed."""
        text = tags.strip().lower().replace(", ", ",")
        valid = TAGS.match(text) is not None
        parts = [part for part in re.split(r"[, ]+", text) if re.fullmatch(r"[a-z0-9]+", part)]
        unique = list(dict.fromkeys(parts))
        if sort:
            unique.sort()
        return Output(tags=unique[:limit], valid=valid)
