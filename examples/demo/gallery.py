"""The pictures with their captions, as a page and as one image."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

COLUMNS = 10
PICTURE, CAPTION, GAP = 96, 16, 8
PAPER, INK, ALARM = "#16181d", "#c9ced6", "#ff6b6b"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ background: {paper}; color: {ink}; font: 14px/1.4 system-ui, sans-serif; }}
body {{ max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }}
main {{ display: grid; grid-template-columns: repeat(10, 1fr); gap: 1rem .5rem; }}
@media (max-width: 60rem) {{ main {{ grid-template-columns: repeat(5, 1fr); }} }}
figure {{ margin: 0; text-align: center; }}
figcaption {{ font-size: 12px; }}
img {{ width: 100%; image-rendering: pixelated; border-radius: 4px; }}
.wrong figcaption {{ color: {alarm}; }}
</style></head>
<body><h1>{title}</h1><p>{summary}</p><main>
{figures}
</main></body></html>
"""


@dataclass(frozen=True)
class Drawn:
    """One picture, what was asked for, and whether the judge sees that in it."""

    file: Path
    caption: str
    right: bool


def write_page(path: Path, title: str, summary: str, pictures: Sequence[Drawn]) -> None:
    """The gallery as a page; pictures are named relative to it."""
    figures = "\n".join(_figure(one, path.parent) for one in pictures)
    page = PAGE.format(
        title=escape(title),
        summary=escape(summary),
        figures=figures,
        paper=PAPER,
        ink=INK,
        alarm=ALARM,
    )
    path.write_text(page, encoding="utf-8")


def _figure(one: Drawn, folder: Path) -> str:
    source = escape(one.file.relative_to(folder).as_posix(), quote=True)
    caption = escape(one.caption)
    mark = "" if one.right else ' class="wrong"'
    image = f'<img src="{source}" alt="{caption}" loading="lazy">'
    return f"<figure{mark}>{image}<figcaption>{caption}</figcaption></figure>"


def write_sheet(path: Path, pictures: Sequence[Drawn]) -> None:
    """The gallery as one PNG, ten pictures to a line."""
    lines = -(-len(pictures) // COLUMNS)
    across, down = PICTURE + GAP, PICTURE + CAPTION + GAP
    sheet = Image.new("RGB", (COLUMNS * across + GAP, lines * down + GAP), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    for number, one in enumerate(pictures):
        left, top = GAP + number % COLUMNS * across, GAP + number // COLUMNS * down
        with Image.open(one.file) as picture:
            small = picture.convert("RGB").resize((PICTURE, PICTURE), Image.Resampling.NEAREST)
        sheet.paste(small, (left, top))
        middle = left + PICTURE / 2, top + PICTURE + 2
        pen.text(middle, one.caption, INK if one.right else ALARM, font, anchor="ma")
    sheet.save(path)
