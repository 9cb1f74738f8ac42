"""Name badges for a meeting."""

import re
import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw, ImageFont

THEMES = {"light": ("#ffffff", "#222222"), "dark": ("#222222", "#ffffff")}


def file_name(name: str) -> str:
    """A name for the file that every system takes."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "badge"


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Load the font."""
        self.font = ImageFont.load_default(size=16)

    def predict(
        self,
        names: list[str] = Input(
            description="Names, 1 to 30, each of 1 to 40 characters. One badge for each, in order.",
            default=["Ann Lee", "Bo Park"],
        ),
        role: str = Input(description="Second line.", default="guest", max_length=40),
        theme: str = Input(description="Colours.", default="light", choices=list(THEMES)),
        width: int = Input(description="Pixels.", default=220, ge=100, le=600),
    ) -> list[Path]:
        """Draw the badges."""
        if not 1 <= len(names) <= 30:
            raise ValueError("between 1 and 30 names")
        if any(not name.strip() or len(name) > 40 for name in names):
            raise ValueError("a name has 1 to 40 characters")
        folder = Path(tempfile.mkdtemp())
        paper, ink = THEMES[theme]
        badges = []
        for name in names:
            badge = Image.new("RGB", (width, 80), paper)
            draw = ImageDraw.Draw(badge)
            for top, line in ((12, name), (46, role)):
                shown = line.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
                draw.text((12, top), " ".join(shown.split()), fill=ink, font=self.font)
            target = folder / f"{file_name(name)}.png"
            badge.save(target)
            badges.append(target)
        return badges
