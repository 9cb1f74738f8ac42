"""Draws small status badges as SVG."""

import tempfile

from cog import BasePredictor, Input, Path

COLOURS = {"good": "#2c8f4a", "fair": "#b58900", "poor": "#b03030"}
BADGE = """<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20">
  <rect width="{width}" height="20" rx="{radius}" fill="{colour}"/>
  <text x="{middle}" y="14" font-size="11" text-anchor="middle" fill="#fff">{label}</text>
</svg>
"""


class Predictor(BasePredictor):
    """Makes badges."""

    def predict(
        self,
        label: str = Input(
            description="Printable text on the badge, 60 characters at most.", default="passing"
        ),
        status: str = Input(
            description="Gives the colour.", default="good", choices=["good", "fair", "poor"]
        ),
        rounded: bool = Input(description="Round the corners.", default=True),
    ) -> Path:
        """An SVG file."""
        if not 1 <= len(label) <= 60 or not label.isprintable():
            raise ValueError("label must be 1 to 60 printable characters")
        width = 16 + 7 * len(label)
        svg = BADGE.format(
            width=width,
            middle=width / 2,
            radius=4 if rounded else 0,
            colour=COLOURS[status],
            label=label,
        )
        with tempfile.NamedTemporaryFile(
            "w", suffix=".svg", delete=False, encoding="utf-8"
        ) as file:
            file.write(svg)
        return Path(file.name)
