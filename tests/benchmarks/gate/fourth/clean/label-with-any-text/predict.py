"""A label as a drawing, whatever it says."""

import re
from html import escape

from cog import BasePredictor, Input, Path

UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Predictor(BasePredictor):
    def predict(
        self, text: str = Input(description="What it says.", default="Fragile", max_length=80)
    ) -> Path:
        out = Path("/tmp/any-label.svg")
        out.write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60">'
            f'<text x="12" y="36">{escape(UNFIT.sub("?", text))}</text></svg>\n',
            encoding="utf-8",
        )
        return out
