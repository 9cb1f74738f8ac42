"""One picture of how two differ: expected, actual, difference, with the worst tile framed."""

import io
import itertools
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from safepush.compare.files import media_type
from safepush.compare.images import TILE, Picture, Unreadable, read, worst_tile
from safepush.compare.values import File

PANEL = 320  # pixels a side, at most; a small picture is made larger, in whole steps
GAP, HEAD = 8, 18
PAPER, INK, FRAME = (255, 255, 255), (40, 40, 40), (220, 0, 90)
#: columns of the map in text
COLUMNS = 16
SQUARES = "⬜🟨🟧🟥"
STEPS = (4.0, 16.0, 64.0)


def side_by_side(
    expected: bytes, actual: bytes, names: tuple[str, str] = ("expected", "new")
) -> bytes | None:
    """A PNG of both and of how they differ; None where they are no two pictures of one size."""
    pair = _pair(expected, actual)
    if pair is None:
        return None
    ours, theirs = _loudest(*pair)
    corner = worst_tile(ours, theirs)
    scale = _scale(pair[0].size)
    heat = _heat(_apart(ours, theirs))
    panels = [_panel(one, scale, corner) for one in (ours, theirs, heat)]
    made = io.BytesIO()
    _sheet(panels, (*names, "difference")).save(made, "PNG", optimize=True)
    return made.getvalue()


def text_map(expected: bytes, actual: bytes) -> str | None:
    """Where two pictures differ, in coloured squares, for places that show no pictures."""
    pair = _pair(expected, actual)
    if pair is None:
        return None
    apart = _apart(*_loudest(*pair))
    height, width = apart.shape
    columns = min(COLUMNS, width)
    rows = max(1, min(height, round(columns * height / width), 2 * COLUMNS))
    lines = []
    for top, bottom in _cuts(height, rows):
        cells = [apart[top:bottom, left:right].max() for left, right in _cuts(width, columns)]
        lines.append("".join(SQUARES[sum(cell > step for step in STEPS)] for cell in cells))
    return "\n".join(lines)


def pairs(expected: Any, actual: Any, place: str = "output") -> list[tuple[str, bytes, bytes]]:
    """(place, expected, actual) of every two files that stand at the same place and differ."""
    if isinstance(expected, File) and isinstance(actual, File):
        same = expected.content == actual.content
        return [] if same else [(place, expected.content, actual.content)]
    found: list[tuple[str, bytes, bytes]] = []
    if isinstance(expected, list) and isinstance(actual, list):
        for number, (ours, theirs) in enumerate(zip(expected, actual, strict=False)):
            found += pairs(ours, theirs, f"{place}[{number}]")
    elif isinstance(expected, dict) and isinstance(actual, dict):
        for name in expected.keys() & actual.keys():
            found += pairs(expected[name], actual[name], f"{place}.{name}")
    return found


def _pair(expected: bytes, actual: bytes) -> tuple[Picture, Picture] | None:
    kinds = {media_type(one).partition("/")[0] for one in (expected, actual)}
    if kinds != {"image"}:
        return None
    try:
        found = read(expected), read(actual)
    except Unreadable:
        return None
    return found if found[0].size == found[1].size else None


def _loudest(first: Picture, second: Picture) -> tuple[Any, Any]:
    """The frame of both where they differ most, as it is seen on white."""
    frames = [
        (_on_white(*ours), _on_white(*theirs))
        for ours, theirs in zip(first.frames, second.frames, strict=False)
    ]
    return max(frames, key=lambda pair: float(_apart(*pair).max()))


def _on_white(colours: Any, alpha: Any) -> Any:
    weight = alpha.astype(np.float32)[:, :, None] / 255
    return colours.astype(np.float32) * weight + 255 * (1 - weight)


def _apart(ours: Any, theirs: Any) -> Any:
    return np.abs(ours - theirs).max(axis=2)


def _cuts(length: int, parts: int) -> list[tuple[int, int]]:
    edges = [round(at * length / parts) for at in range(parts + 1)]
    return list(itertools.pairwise(edges))


def _scale(size: tuple[int, int]) -> float:
    side = max(size)
    return float(max(1, PANEL // side)) if side <= PANEL else PANEL / side


def _heat(apart: Any) -> Any:
    """White where nothing differs, through orange to dark red; small differences can be seen."""
    weight = np.sqrt(np.clip(apart / 255, 0, 1))[:, :, None]
    low, high = np.array([255.0, 250.0, 240.0]), np.array([150.0, 0.0, 20.0])
    middle = np.array([255.0, 150.0, 40.0])
    lower = low + (middle - low) * np.clip(weight * 2, 0, 1)
    return np.where(weight < 0.5, lower, middle + (high - middle) * (weight * 2 - 1))


def _panel(pixels: Any, scale: float, corner: tuple[int, int]) -> Image.Image:
    whole = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")
    width, height = (max(1, round(side * scale)) for side in whole.size)
    kind = Image.Resampling.NEAREST if scale >= 1 else Image.Resampling.BOX
    shown = whole.resize((width, height), kind)
    left, top = (round(at * scale) for at in corner)
    side = max(6, round(TILE * scale))
    box = (left, top, min(left + side, width - 1), min(top + side, height - 1))
    ImageDraw.Draw(shown).rectangle(box, outline=FRAME, width=2)
    return shown


def _sheet(panels: list[Image.Image], names: tuple[str, ...]) -> Image.Image:
    width = sum(one.width for one in panels) + GAP * (len(panels) + 1)
    sheet = Image.new("RGB", (width, panels[0].height + HEAD + 2 * GAP), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default()
    left = GAP
    for panel, name in zip(panels, names, strict=True):
        pen.text((left, GAP // 2), name, fill=INK, font=font)
        sheet.paste(panel, (left, GAP + HEAD))
        left += panel.width + GAP
    return sheet
