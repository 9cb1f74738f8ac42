"""An output as the judge sees it: text and pictures, fenced off as data."""

import base64
import io
import json
from collections.abc import Mapping
from typing import Any

from PIL import Image

from safepush.compare import File
from safepush.compare.files import media_type
from safepush.compare.images import Unreadable, read

MAX_TEXT = 50_000
MAX_INPUTS = 4_000
MAX_PICTURES = 8
#: pixels a side; more is only made smaller on the other end
MAX_SIDE = 1_568


class CannotShow(Exception):
    """There is something in an output that a judge cannot look at; the text says what."""


def shown(wish: str, inputs: Mapping[str, Any], output: Any, fence: str) -> list[dict[str, Any]]:
    """The blocks of one message: the wish, then inputs and output between lines of the fence.

    Raises:
        CannotShow: the output holds a file that is neither text nor a picture, or too much.
    """
    pictures: list[dict[str, Any]] = []
    told = json.dumps(_laid_out(output, pictures), ensure_ascii=False)
    if len(told) > MAX_TEXT:
        raise CannotShow(f"it has {len(told):,} characters")
    sent = json.dumps(inputs, ensure_ascii=False, default=str)[:MAX_INPUTS]
    text = (
        f"The wish: {wish}\n\n{fence} inputs, as JSON\n{sent}\n"
        f"{fence} output, as JSON; files that are pictures follow below\n{told}\n{fence} end"
    )
    return [{"type": "text", "text": text}, *pictures]


def _laid_out(value: Any, pictures: list[dict[str, Any]]) -> Any:
    """The value with a name in the place of each picture, which is added to the list."""
    if isinstance(value, list):
        return [_laid_out(one, pictures) for one in value]
    if isinstance(value, dict):
        return {name: _laid_out(one, pictures) for name, one in value.items()}
    if not isinstance(value, File):
        return value
    kind = media_type(value.content)
    if kind.startswith("image/"):
        if len(pictures) >= MAX_PICTURES:
            raise CannotShow(f"it has over {MAX_PICTURES} pictures")
        pictures.append(_picture(value.content))
        return f"(picture {len(pictures)} below)"
    if kind in ("text/plain", "application/json"):
        return _text(value.content)
    raise CannotShow(f"a file is {kind}")


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise CannotShow("a file is text, but not UTF-8") from exc


def _picture(content: bytes) -> dict[str, Any]:
    """A block with the first frame, turned as EXIF says, and not larger than is looked at."""
    try:
        colours, alpha = read(content).frames[0]
    except Unreadable as exc:
        raise CannotShow(f"a picture {exc}") from exc
    image = Image.fromarray(colours.astype("uint8"))
    image.putalpha(Image.fromarray(alpha.astype("uint8")))
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    made = io.BytesIO()
    image.save(made, "PNG")
    data = base64.b64encode(made.getvalue()).decode("ascii")
    source = {"type": "base64", "media_type": "image/png", "data": data}
    return {"type": "image", "source": source}
