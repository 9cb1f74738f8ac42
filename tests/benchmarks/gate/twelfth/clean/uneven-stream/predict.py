"""Spells signs out for a screen reader, and streams as it goes."""

import random
import re

from cog import BasePredictor, ConcatenateIterator, Input

NAMES = {"&": "and", "%": "percent", "+": "plus", "=": "equals", "@": "at", "#": "number"}


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="Text, at least one character.",
            default="Fish & chips + 5% = lunch",
            min_length=1,
            max_length=4000,
        ),
        signs: str = Input(
            description="Which are spelled: all six of & % + = @ #, or only & and %.",
            default="all",
            choices=["all", "few"],
        ),
        piece: int = Input(
            description="Greatest length of a piece. Pieces vary by chance, as on a slow line; "
            "joined they are always the same text.",
            default=6,
            ge=1,
            le=50,
        ),
        loud: bool = Input(description="Spell in capital letters.", default=False),
    ) -> ConcatenateIterator[str]:
        """Stream the text with signs spelled, and a blank on both sides of each."""
        known = NAMES if signs == "all" else {sign: NAMES[sign] for sign in "&%"}
        either = "|".join(re.escape(sign) for sign in known)

        def spelled(match: re.Match[str]) -> str:
            names = " ".join(known[sign] for sign in match.group() if sign in known)
            return f" {names.upper() if loud else names} "

        whole = re.sub(rf"(?: ?(?:{either}))+ ?", spelled, text)
        place = 0
        while place < len(whole):
            step = random.randint(1, piece)
            yield whole[place : place + step]
            place += step
