"""Draw a badge as SVG."""

import re
import tempfile

from cog import BasePredictor, Input, Path

COLOURS = {"green": "#2e7d32", "grey": "#616161", "orange": "#ef6c00"}
UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

BADGE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img">
  <rect width="{width}" height="{height}" rx="{rounding}" fill="{fill}"/>
  <text x="{middle}" y="{base}" text-anchor="middle" font-size="{size}" fill="#fff">{text}</text>
</svg>
"""


class Predictor(BasePredictor):
    """Badges with a caption."""

    def setup(self) -> None:
        """Choose where the badge goes."""
        self.target = Path(tempfile.mkdtemp()) / "badge.svg"

    def predict(
        self,
        caption: str = Input(description="Any words", default="in stock", max_length=200),
        colour: str = Input(
            description="Fill", default="green", choices=["green", "grey", "orange"]
        ),
        size: int = Input(description="Size of the letters", default=12, ge=6, le=48),
        rounding: int = Input(description="Radius of the corners", default=4, ge=0, le=24),
    ) -> Path:
        """Write the badge; control characters in the caption become spaces."""
        text = UNPRINTABLE.sub(" ", caption)
        width = round(len(text) * size * 0.62) + 2 * size
        badge = BADGE.format(
            width=width,
            height=size * 2,
            middle=width // 2,
            base=round(size * 1.4),
            size=size,
            rounding=rounding,
            fill=COLOURS[colour],
            text=text,
        )
        self.target.write_text(badge, encoding="utf-8")
        return self.target
