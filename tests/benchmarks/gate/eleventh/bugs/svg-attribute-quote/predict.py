"""Draws the small badges that stand at the top of a page, as SVG."""

import re
import tempfile
from xml.sax.saxutils import escape

from cog import BasePredictor, Input, Path

COLOURS = {"green": "#4c9a2a", "amber": "#d98e04", "red": "#b3261e", "grey": "#5f6368"}
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def tidy(text: str) -> str:
    """Text that may stand in XML."""
    return escape(NOT_XML.sub("", text).strip())


class Badge:
    """Two boxes with a text each."""

    def __init__(self, label: str, value: str, size: int) -> None:
        self.label, self.value, self.size = tidy(label), tidy(value), size
        self.left = round(len(label) * size * 0.6) + size
        self.right = round(len(value) * size * 0.6) + size

    def svg(self, colour: str, corner: int) -> str:
        """The whole drawing."""
        width, height = self.left + self.right, self.size * 2
        line = round(self.size * 1.35)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'role="img" aria-label="{self.label}: {self.value or "none"}">'
            f'<rect width="{width}" height="{height}" rx="{corner}" fill="#3c4043"/>'
            f'<rect x="{self.left}" width="{self.right}" height="{height}" rx="{corner}" '
            f'fill="{colour}"/><g fill="#fff" font-size="{self.size}">'
            f'<text x="{self.size // 2}" y="{line}">{self.label}</text>'
            f'<text x="{self.left + self.size // 2}" y="{line}">{self.value}</text></g></svg>'
        )


class Predictor(BasePredictor):
    """A badge as a file."""

    def predict(
        self,
        label: str = Input(description="Text on the left.", default="build", max_length=60),
        value: str = Input(description="Text on the right.", default="passing", max_length=60),
        colour: str = Input(
            description="Colour of the right side.", default="green", choices=list(COLOURS)
        ),
        size: int = Input(description="Size of the letters.", default=12, ge=8, le=48),
        corner: int = Input(description="Radius of the corners.", default=3, ge=0, le=20),
    ) -> Path:
        """Draw it."""
        drawing = Badge(label, value, size).svg(COLOURS[colour], corner)
        with tempfile.NamedTemporaryFile(
            "w", suffix=".svg", delete=False, encoding="utf-8"
        ) as file:
            file.write(drawing)
        return Path(file.name)
