"""Guesses whether a text shouts."""

from cog import BaseModel, BasePredictor, Input

LOOKED_AT = 200


class Mood(BaseModel):
    shouting: float
    letters: int
    looked_at: str


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text, of any length. Only its first 200 characters are looked at.",
            default="PLEASE close the door",
        ),
        marks: bool = Input(description="Let exclamation marks count as capitals.", default=True),
    ) -> Mood:
        """Return the share of capitals among letters, from 0 to 1, and the part looked at."""
        part = text[:LOOKED_AT]
        signs = [sign for sign in part if sign.isalpha() or (marks and sign == "!")]
        loud = sum(sign.isupper() or sign == "!" for sign in signs)
        share = loud / len(signs) if signs else 0.0
        return Mood(shouting=share, letters=len(signs), looked_at=part)
