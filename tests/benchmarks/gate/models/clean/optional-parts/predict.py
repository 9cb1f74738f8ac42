"""Joins what it is given, and does without the rest."""

from typing import Optional

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        text: Optional[str] = Input(description="A text.", default=None),
        number: Optional[float] = Input(description="A number.", default=None),
        tags: list[str] = Input(description="A few words.", default=[]),
        document: Optional[Path] = Input(description="A file.", default=None),
        secure: bool = Input(description="Without the text.", default=False),
    ) -> str:
        parts = [] if text is None or secure else [text]
        if number is not None:
            parts.append(f"{number:g}")
        if document is not None:
            parts.append(f"{len(document.read_bytes())} bytes")
        return " ".join([*parts, *tags])
