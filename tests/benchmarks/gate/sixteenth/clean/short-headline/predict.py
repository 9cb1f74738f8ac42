"""Shortens a headline so that it fits."""

from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    headline: str
    cut: bool


class Predictor(BasePredictor):
    def predict(
        self,
        headline: str = Input(
            description="The headline; white space is tidied up.",
            default="Council decides to plant two hundred trees along the old harbour road",
        ),
        length: int = Input(
            description="How many characters it may have, with the dots that stand for the rest.",
            default=40,
            ge=1,
            le=300,
        ),
        language: str = Input(
            description="Kept for older callers. It has no effect: all languages are cut alike.",
            default="en",
            choices=["en", "de", "fr"],
        ),
    ) -> Output:
        """Cut between words where possible, and within the first word where it is too long."""
        tidy = " ".join(headline.split())
        if len(tidy) <= length:
            return Output(headline=tidy, cut=False)
        room = length - 1
        start = tidy[:room]
        if tidy[room] != " " and " " in start:
            start = start.rsplit(" ", 1)[0]
        return Output(headline=start.rstrip() + "\u2026", cut=True)
