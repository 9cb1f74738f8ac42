"""What of a text is in capitals; often that is nothing."""

import re

from cog import BasePredictor, Input


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="He works for NASA and the BBC"),
        separator: str = Input(description="Between two.", default=" "),
    ) -> str:
        return separator.join(re.findall(r"\b[A-Z]{2,}\b", text))
