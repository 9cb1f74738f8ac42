"""Chooses the initials and the colour of a round badge."""

from cog import BaseModel, BasePredictor, Input

COLOURS = ["#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51"]


class Badge(BaseModel):
    initials: str
    colour: str


class Predictor(BasePredictor):
    def predict(
        self,
        name: str = Input(
            description="The name as it is written. A question mark if it is empty.",
            default="Mara Quill",
            max_length=120,
        ),
        single: bool = Input(description="Take only the first letter.", default=False),
    ) -> Badge:
        """Return what to draw on the badge."""
        if not name:
            initials = "?"
        else:
            words = name.split(" ")
            first, last = words[0][0], words[-1][0]
            initials = (first + last).upper() if len(words) > 1 and not single else first.upper()
        colour = COLOURS[sum(map(ord, name)) % len(COLOURS)]
        return Badge(initials=initials, colour=colour)
