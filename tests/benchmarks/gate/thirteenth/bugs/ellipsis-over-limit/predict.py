"""Shortens headlines."""

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """Cuts text at words."""

    def predict(
        self,
        text: str = Input(
            description="The text; its white space is made single spaces.",
            default="A rather long headline that will not fit",
        ),
        limit: int = Input(
            description="The result has at most so many characters.", default=80, ge=1, le=500
        ),
        whole_words: bool = Input(
            description="Cut between words where there is a space to cut at.", default=False
        ),
    ) -> str:
        """The text, with an ellipsis at the end if something was cut off."""
        text = " ".join(text.split())
        if len(text) <= limit:
            return text
        kept = text[:limit]
        if whole_words and " " in kept:
            kept = kept.rpartition(" ")[0]
        return kept + "…"
