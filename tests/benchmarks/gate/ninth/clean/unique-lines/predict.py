"""Tidies lists of keywords."""

import unicodedata

from cog import BasePredictor, Input


def sameness(line):
    """What lines are compared by: case, width and accents written in two ways do not count."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", line).casefold())


class Predictor(BasePredictor):
    """Keeps the spelling that came first."""

    def predict(
        self,
        lines: list[str] = Input(
            description="Keywords, 2000 at most. Blank ones are dropped.",
            default=["Harbour", "harbour ", "boat", "", "BOAT"],
        ),
        order: str = Input(
            description="As they came, or by name.", default="given", choices=["given", "name"]
        ),
        limit: int | None = Input(
            description="Keep the first ones, so many at most. Not given: all.",
            default=None,
            ge=1,
            le=2000,
        ),
    ) -> list[str]:
        """Each keyword once, so often fewer than came in."""
        if len(lines) > 2000:
            raise ValueError("lines: 2000 at most")
        first = {}
        for line in lines:
            tidy = " ".join(line.split())
            if tidy:
                first.setdefault(sameness(tidy), tidy)
        kept = list(first.values())[:limit]
        return sorted(kept, key=lambda line: (sameness(line), line)) if order == "name" else kept
