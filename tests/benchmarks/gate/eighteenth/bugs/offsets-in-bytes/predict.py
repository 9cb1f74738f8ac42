"""Cut a text into words and marks and tell where each stands."""

import re

from cog import BaseModel, BasePredictor, Input

TOKEN = re.compile(rb"[A-Za-z0-9_\x80-\xff]+|[^\sA-Za-z0-9_\x80-\xff]")


class Token(BaseModel):
    piece: str
    start: int
    end: int


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(
            description="The text to cut up. Characters beyond ASCII count as letters.",
            default="The ferry leaves at 9, rain or shine.",
            max_length=5000,
        ),
        lower: bool = Input(description="Return English letters small.", default=False),
    ) -> list[Token]:
        """Return the pieces in order; text[start:end] is where each stands in the text."""
        try:
            data = text.encode()
        except UnicodeEncodeError as error:
            raise ValueError("the text is not valid Unicode") from error
        tokens = []
        for match in TOKEN.finditer(data):
            raw = match.group().lower() if lower else match.group()
            tokens.append(Token(piece=raw.decode(), start=match.start(), end=match.end()))
        return tokens
