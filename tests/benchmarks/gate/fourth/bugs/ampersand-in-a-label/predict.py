"""A label as a drawing."""

from cog import BasePredictor, Input, Path

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60">
<rect width="240" height="60" fill="{colour}"/>
<text x="12" y="36">{text}</text>
</svg>
"""


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="What it says.", default="Handle with care", max_length=80),
        colour: str = Input(
            description="Ground.", default="white", choices=["white", "gold", "pink"]
        ),
    ) -> Path:
        out = Path("/tmp/label.svg")
        out.write_text(SVG.format(text=text, colour=colour))
        return out
