"""A prediction's output with its files' content in the place of their addresses."""

import base64
import binascii
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from safepush.answers import Prediction, Version
from safepush.compare import File

#: the content behind a path of the server
Fetch = Callable[[str], bytes]


def opened(prediction: Prediction, version: Version, fetch: Fetch) -> Any:
    """The output; only what lies under the prediction's own address is fetched, from its server."""
    own = f"/v1/predictions/{prediction.id}/files/"

    def look(value: Any) -> Any:
        if isinstance(value, list):
            return [look(each) for each in value]
        if isinstance(value, dict):
            return {name: look(each) for name, each in value.items()}
        return _file(value, own, fetch) if isinstance(value, str) else value

    return look(joined(prediction.output, version))


def joined(output: Any, version: Version) -> Any:
    """Streamed text as the one text it means."""
    found: Any = version.schema
    for step in ("components", "schemas", "Output", "x-cog-array-display"):
        found = found.get(step) if isinstance(found, dict) else None
    is_pieces = isinstance(output, list) and all(isinstance(piece, str) for piece in output)
    return "".join(output) if found == "concatenate" and is_pieces else output


def _file(text: str, own: str, fetch: Fetch) -> Any:
    if text.startswith("data:"):
        return _data(text)
    try:
        path = urlsplit(text).path if text.startswith(("http://", "https://")) else ""
    except ValueError:
        return text
    return File(fetch(path)) if path.startswith(own) else text


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
