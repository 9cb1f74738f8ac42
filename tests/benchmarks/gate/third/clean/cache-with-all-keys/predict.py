"""Wraps a text; what was wrapped before is kept, by all that it depends on."""

import textwrap
from functools import lru_cache

from cog import BasePredictor, Input


@lru_cache(maxsize=64)
def wrapped(text: str, width: int, indent: str) -> str:
    return textwrap.fill(text, width=width + len(indent), initial_indent=indent)


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="over the hill and far away " * 4),
        width: int = Input(description="Letters a line.", default=40, ge=1, le=200),
        bullet: str = Input(description="Before it.", default="none", choices=["none", "-", "*"]),
    ) -> str:
        return wrapped(text, width, "" if bullet == "none" else f"{bullet} ")
