"""Hides e-mail addresses in a text."""

import re

from cog import BaseModel, BasePredictor, Input

ADDRESS = re.compile(r"(?:[a-z0-9]+[._+-]?)+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)


class Output(BaseModel):
    text: str
    hidden: int


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text, up to 2000 characters.",
            default="Write to anna@example.org or to office.desk@example.com.",
            max_length=2000,
        ),
        mask: str = Input(
            description="What stands in the place of an address.",
            default="[hidden]",
            max_length=20,
        ),
        keep_domain: bool = Input(
            description="Whether to leave the at sign and what follows it.", default=False
        ),
    ) -> Output:
        """The text without its addresses, and how many there were.

        An address is made of the letters a to z, digits, dots, dashes and, before the at sign,
        underscores and plus signs. It begins with a letter or a digit.
        """

        def hide(found: re.Match[str]) -> str:
            return mask + "@" + found[0].split("@")[1] if keep_domain else mask

        hidden, count = ADDRESS.subn(hide, text)
        return Output(text=hidden, hidden=count)
