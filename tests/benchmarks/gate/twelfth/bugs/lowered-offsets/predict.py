"""Highlights terms in a text."""

from cog import BaseModel, BasePredictor, Input

MARKS = {"brackets": ("[", "]"), "stars": ("**", "**"), "html": ("<mark>", "</mark>")}


class Highlighted(BaseModel):
    text: str
    count: int


def places(text: str, term: str) -> list[tuple[int, int]]:
    """Where a term begins and ends, from left to right."""
    found, start = [], text.find(term)
    while start >= 0:
        found.append((start, start + len(term)))
        start = text.find(term, start + len(term))
    return found


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Text to mark, in any language. Nothing but marks is added to it.",
            default="Reset the password, then store the Password safely.",
            max_length=5000,
        ),
        term: str = Input(
            description="What to mark.", default="password", min_length=1, max_length=50
        ),
        ignore_case: bool = Input(
            description="Small and capital letters are the same.", default=True
        ),
        style: str = Input(description="Marks.", default="brackets", choices=list(MARKS)),
        most: int = Input(description="At most so many marks.", default=50, ge=1, le=500),
    ) -> Highlighted:
        """Put marks around each place where the term is."""
        if ignore_case:
            found = places(text.lower(), term.lower())[:most]
        else:
            found = places(text, term)[:most]
        before, after = MARKS[style]
        parts, last = [], 0
        for start, end in found:
            parts += [text[last:start], before, text[start:end], after]
            last = end
        return Highlighted(text="".join([*parts, text[last:]]), count=len(found))
