"""A prediction's output with its files' content in the place of their addresses."""

import base64
import binascii
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from safepush.answers import Prediction, Version
from safepush.compare import File

KINDS = ("predictions", "trainings")
#: the content behind an address
Fetch = Callable[[str], bytes]
#: what to ask for, of a text and a prediction's id; nothing where the text is no file's address
Where = Callable[[str, str], str | None]


def under_prediction(text: str, id: str) -> str | None:
    """The path of what lies under the prediction's own address, whatever host it names."""
    path = urlsplit(text).path
    return path if path.startswith(tuple(f"/v1/{kind}/{id}/files/" for kind in KINDS)) else None


def opened(
    prediction: Prediction, version: Version, fetch: Fetch, where: Where = under_prediction
) -> Any:
    """The output; only addresses of output files are fetched, and all else stays as it is."""

    def look(value: Any) -> Any:
        if isinstance(value, list):
            return [look(each) for each in value]
        if isinstance(value, dict):
            return {name: look(each) for name, each in value.items()}
        return _file(value, prediction.id, fetch, where) if isinstance(value, str) else value

    return look(joined(prediction.output, version))


def joined(output: Any, version: Version) -> Any:
    """Streamed text as the one text it means."""
    found: Any = version.schema
    for step in ("components", "schemas", "Output", "x-cog-array-display"):
        found = found.get(step) if isinstance(found, dict) else None
    is_pieces = isinstance(output, list) and all(isinstance(piece, str) for piece in output)
    return "".join(output) if found == "concatenate" and is_pieces else output


def _file(text: str, id: str, fetch: Fetch, where: Where) -> Any:
    if text.startswith("data:"):
        return _data(text)
    try:
        found = where(text, id) if text.startswith(("http://", "https://")) else None
    except ValueError:
        return text
    return text if found is None else File(fetch(found))


def _data(text: str) -> Any:
    head, comma, body = text.partition(",")
    if not comma:
        return text
    content = unquote_to_bytes(body)
    try:
        if head.endswith(";base64"):
            content = base64.b64decode(content.translate(None, b" \t\r\n"), validate=True)
        return File(content)
    except binascii.Error:
        return text
