"""Moves letters along the alphabet."""

import re

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    """An old cipher."""

    def predict(
        self,
        text: str = Input(
            description="Letters a to z, small or capital, and spaces; anything else is refused.",
            default="meet me at noon",
            max_length=2000,
        ),
        shift: int = Input(
            description="Places to move on; below 0 back.", default=3, ge=-25, le=25
        ),
        group: int = Input(
            description="Drop the spaces and write groups of so many letters; 0 leaves them.",
            default=0,
            ge=0,
            le=20,
        ),
    ) -> str:
        """The moved text; after z comes a again."""
        if not re.fullmatch(r"[A-Za-z ]*", text):
            raise ValueError("text may hold only letters a to z and spaces")
        moved = []
        for letter in text:
            if letter == " ":
                moved.append(letter)
                continue
            first = ord("a") if letter.islower() else ord("A")
            moved.append(chr(first + (ord(letter) - first + shift) % 26))
        if not group:
            return "".join(moved)
        letters = "".join(moved).replace(" ", "")
        return " ".join(letters[at : at + group] for at in range(0, len(letters), group))
