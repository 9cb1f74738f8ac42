"""Finds out whether a text is a user name that may be shown."""

import re

from cog import BaseModel, BasePredictor, Input

ALLOWED = re.compile(r"^([a-zA-Z0-9]+[._-]?)*$")
TAKEN = {"admin", "root", "support", "moderator"}


class Verdict(BaseModel):
    allowed: bool
    reason: str


class Predictor(BasePredictor):
    def predict(
        self,
        name: str = Input(
            description="A name: letters and digits, with dots, dashes and underscores between.",
            default="ada.lovelace",
            min_length=1,
            max_length=200,
        ),
    ) -> Verdict:
        if not ALLOWED.match(name):
            return Verdict(allowed=False, reason="it has characters that names cannot have")
        if re.sub("[._-]", "", name.lower()) in TAKEN:
            return Verdict(allowed=False, reason="it is kept for the staff")
        return Verdict(allowed=True, reason="nothing speaks against it")
