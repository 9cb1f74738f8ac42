"""Hands out ticket numbers with a check digit."""

import secrets

from cog import BaseModel, BasePredictor, Input

SIGNS = {
    "digits": "0123456789",
    "letters": "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "mixed": "23456789CFGHJMPQRVWX",
}


class Ticket(BaseModel):
    """A number that nobody else gets, and the text on the ticket."""

    number: str
    text: str


def check_sign(number: str, signs: str) -> str:
    """A sign that changes when two neighbours change places."""
    total = sum(at * signs.index(sign) for at, sign in enumerate(number, 1))
    return signs[total % len(signs)]


class Predictor(BasePredictor):
    """Tickets."""

    def predict(
        self,
        text: str = Input(
            description="What stands on the ticket.", default="One ride", max_length=200
        ),
        count: int = Input(description="How many tickets.", default=1, ge=1, le=100),
        length: int = Input(
            description="Signs of a number, without the check sign.", default=16, ge=12, le=40
        ),
        signs: str = Input(
            description="What numbers are made of.", default="digits", choices=list(SIGNS)
        ),
        prefix: str = Input(
            description="Capital letters before the number.",
            default="",
            regex=r"^[A-Z]{0,6}$",
        ),
    ) -> list[Ticket]:
        """New tickets. The numbers are drawn at random and are other ones in every call."""
        known = SIGNS[signs]
        tickets = []
        for _ in range(count):
            number = "".join(secrets.choice(known) for _ in range(length))
            full = f"{prefix.strip()}{number}{check_sign(number, known)}"
            tickets.append(Ticket(number=full, text=text))
        return tickets
