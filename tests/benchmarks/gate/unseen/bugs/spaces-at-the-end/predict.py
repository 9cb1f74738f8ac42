"""Tidies a text."""

import re

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="Text to tidy.", default="  so   much room  "),
        keep_lines: bool = Input(description="Leave line breaks.", default=True),
    ) -> str:
        if keep_lines:
            tidy = "\n".join(re.sub(r"\s+$", "", line) for line in text.split("\n"))
        else:
            tidy = " ".join(text.split())
        return f"[{tidy[:80]}]"
