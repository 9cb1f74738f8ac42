"""Joins booked hours that overlap."""

import re

from cog import BasePredictor, Input

SPAN = re.compile(r"\s*(\d{1,6})\s*-\s*(\d{1,6})\s*", re.ASCII)


def parsed(text: str) -> tuple[int, int]:
    """Begin and end of one span."""
    found = SPAN.fullmatch(text)
    if not found:
        raise ValueError("each span must look like 3-7")
    begin, end = int(found[1]), int(found[2])
    if begin > end:
        raise ValueError("a span must not end before it begins")
    return begin, end


class Predictor(BasePredictor):
    """Merges spans."""

    def predict(
        self,
        spans: str = Input(
            description="Spans such as 3-7, separated by commas, in any order.",
            default="1-4, 3-6, 9-12",
        ),
        gap: int = Input(
            description="Join spans that are no further apart than this.", default=0, ge=0, le=1000
        ),
    ) -> list[str]:
        """The fewest spans that cover every given span, in order."""
        if not spans.strip():
            return []
        merged: list[list[int]] = []
        for begin, end in sorted(map(parsed, spans.split(","))):
            if merged and begin - merged[-1][1] <= gap:
                merged[-1][1] = end
            else:
                merged.append([begin, end])
        return [f"{begin}-{end}" for begin, end in merged]
