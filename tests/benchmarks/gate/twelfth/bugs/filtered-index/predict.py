"""Comment moderation: points at the comments that a person should look at."""

import math
import re

from cog import BaseModel, BasePredictor, Input

TERMS = {"scam": 0.7, "idiot": 0.6, "hate": 0.5, "free money": 0.8, "click here": 0.55}
MOST = 200


class Mark(BaseModel):
    index: int
    score: float
    terms: list[str]


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Compile the terms."""
        self.patterns = {term: re.compile(rf"\b{term}\b", re.IGNORECASE) for term in TERMS}

    def predict(
        self,
        comments: list[str] = Input(
            description="Comments, up to 200. Blank ones are skipped. A mark names a comment by "
            "its place in this list, from 0.",
            default=["What a lovely photo", "This is a scam, click here", "Thanks!"],
        ),
        threshold: float = Input(
            description="Comments that score at least this much are marked.",
            default=0.5,
            ge=0.05,
            le=1.0,
        ),
        most: int = Input(description="At most so many marks.", default=20, ge=1, le=MOST),
    ) -> list[Mark]:
        """Mark comments, in their order."""
        if len(comments) > MOST:
            raise ValueError(f"at most {MOST} comments")
        cleaned = [" ".join(comment.split()) for comment in comments if comment.strip()]
        marks = [self.judge(index, comment) for index, comment in enumerate(cleaned)]
        return [mark for mark in marks if mark.score >= threshold][:most]

    def judge(self, index: int, comment: str) -> Mark:
        """Each term found takes its share of what is left of innocence."""
        found = [term for term, pattern in self.patterns.items() if pattern.search(comment)]
        innocent = math.prod(1 - TERMS[term] for term in found)
        return Mark(index=index, score=round(1 - innocent, 4), terms=found)
