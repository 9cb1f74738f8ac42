"""What a request carries: a JSON object within bounds, a stream, paging."""

import json
from collections.abc import Iterator
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from jobs.core.errors import BadRequest

MAX_JSON = 20 * 2**20
CHUNK = 1024 * 1024


def json_object() -> dict[str, Any]:
    """The body as an object; an empty body is an empty object."""
    if (request.content_length or 0) > MAX_JSON:
        raise RequestEntityTooLarge(f"a JSON body may have {MAX_JSON} bytes")
    raw = request.stream.read(MAX_JSON + 1)
    if len(raw) > MAX_JSON:
        raise RequestEntityTooLarge(f"a JSON body may have {MAX_JSON} bytes")
    try:
        body = json.loads(raw or b"{}", parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"the body is not JSON: {_place(error)}", code="invalid_json") from error
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object", code="invalid_json")
    return body


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _place(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    return "too deeply nested" if isinstance(error, RecursionError) else "it cannot be decoded"


def chunks() -> Iterator[bytes]:
    """The raw body, piece by piece."""
    while chunk := request.stream.read(CHUNK):
        yield chunk


def limit(default: int = 20, most: int = 100) -> int:
    """`?limit=`, within bounds."""
    text = request.args.get("limit", str(default))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise BadRequest(f"limit is a number from 1 to {most}", field="limit")
    return int(text)
