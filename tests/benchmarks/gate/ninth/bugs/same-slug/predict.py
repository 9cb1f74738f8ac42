"""Prints place cards for a dinner."""

import re
import tempfile
from html import escape

from cog import BasePredictor, Input, Path

CARD = """<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120">
  <rect width="320" height="120" fill="{paper}" stroke="black"/>
  <text x="160" y="68" text-anchor="middle" font-size="28">{name}</text>
</svg>
"""


def slug(name):
    """A name that is fit for a file."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "guest"


def printable(name):
    """The name without what XML cannot hold, on one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())


class Predictor(BasePredictor):
    """One card a guest."""

    def predict(
        self,
        guests: list[str] = Input(
            description="Names of guests, 100 at most.", default=["Ann", "Ben"]
        ),
        paper: str = Input(
            description="Colour of the cards.",
            default="ivory",
            choices=["ivory", "white", "lavender"],
        ),
    ) -> list[Path]:
        """An SVG for every guest, in the order of the names."""
        if len(guests) > 100:
            raise ValueError("guests: 100 at most")
        folder = Path(tempfile.mkdtemp())
        cards = []
        for guest in guests:
            card = folder / f"{slug(guest)}.svg"
            text = CARD.format(name=escape(printable(guest)), paper=paper)
            card.write_text(text, encoding="utf-8")
            cards.append(card)
        return cards
