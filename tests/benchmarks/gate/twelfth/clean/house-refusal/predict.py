"""Greeting cards in verse, with rules of the house."""

import re
import zlib

from cog import BasePredictor, Input

OPENINGS = ["The sun is up, the kettle sings", "A quiet day, a candle bright"]
ENDINGS = {
    "birthday": "another year on gentle wings.",
    "thanks": "my thanks to you, with all might.",
}
NOT_HERE = ["bet", "casino", "gun", "lottery", "weapon"]


class NotOnOurCards(Exception):
    """The house rules forbid this card; the message tells the caller why."""


class Predictor(BasePredictor):
    def predict(
        self,
        name: str = Input(
            description="For whom: letters, spaces, dots, dashes and apostrophes.",
            default="Robin",
            min_length=1,
            max_length=40,
        ),
        occasion: str = Input(description="What for.", default="birthday", choices=list(ENDINGS)),
        wish: str = Input(
            description="A line of your own. With one of these words it is refused: "
            f"{', '.join(NOT_HERE)}.",
            default="May the garden grow.",
            max_length=200,
        ),
        lines: int = Input(description="At most so many lines.", default=4, ge=2, le=4),
    ) -> str:
        """Write a card."""
        if not re.fullmatch(r"[^\W\d_](?:[^\W\d_]|[ .'-])*", name):
            raise NotOnOurCards("a name begins with a letter and has no signs but . ' and -")
        if set(NOT_HERE) & set(re.findall(r"[a-z]+", wish.lower())):
            raise NotOnOurCards("we write no cards about betting or weapons")
        opening = OPENINGS[zlib.crc32(name.encode()) % len(OPENINGS)]
        card = [f"Dear {name},", f"{opening},", ENDINGS[occasion]]
        if wish.strip():
            card.append(" ".join(wish.split()))
        return "\n".join(card[:lines])
