"""What a request carries: a JSON object within bounds, a stream, headers that are keys."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from flask import current_app, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from jobs.core.errors import BadRequest
from jobs.core.lines import Bad
from jobs.core.rowjson import document, parser, reason
from jobs.ports import HEAD

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MAX_JSON = 20 * 2**20
MAX_TEXT = 10_000
MAX_KEY = 255
CHUNK = 1024 * 1024
_quickly = parser()


def json_object() -> dict[str, Any]:
    """The body as an object, by the rules that manifests follow; an empty body is an empty one."""
    return object_of(request.environ)


def object_of(environ: "WSGIEnvironment") -> dict[str, Any]:
    """The same of any request."""
    if HEAD in environ:  # it is there, and it is not large
        raw = environ["wsgi.input"].getvalue()
    else:
        raw = b"".join(_limited(environ, MAX_JSON))
    with suppress(Bad):  # which the other reader says in words for a body
        body = _quickly(raw)
        if isinstance(body, dict):
            return body
    try:
        body = document(raw.decode()) if raw else {}
    except UnicodeDecodeError as error:
        raise _not_json("it is not UTF-8") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _not_json(f"{reason(error)} at {place}") from error
    except Bad as error:
        raise BadRequest(f"in the body, {error}", field=error.field, code=error.code) from error
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object", code="invalid_json")
    return body


def text() -> str:
    """The body as words: as they are, or as a JSON string, which some clients make of them."""
    raw = b"".join(_limited(request.environ, MAX_TEXT)).decode(errors="replace")
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        told = raw
    return told if isinstance(told, str) else raw


def _not_json(why: str) -> BadRequest:
    return BadRequest(f"the body is not JSON: {why}", code="invalid_json")


def chunks() -> Iterator[bytes]:
    """The raw body, piece by piece, up to what an upload may have."""
    return _limited(request.environ, current_app.config["MAX_CONTENT_LENGTH"])


def _limited(environ: "WSGIEnvironment", most_bytes: int) -> Iterator[bytes]:
    try:
        stream: IO[bytes] = get_input_stream(environ, max_content_length=most_bytes)
        while chunk := stream.read(min(CHUNK, most_bytes)):
            yield chunk
    except RequestEntityTooLarge as error:
        raise too_large(most_bytes) from error


def too_large(most_bytes: int) -> RequestEntityTooLarge:
    """The error that says how much would have been taken."""
    return RequestEntityTooLarge(f"the body may have at most {most_bytes:,} bytes here")


def idempotency_key(headers: Headers | Mapping[str, str]) -> str | None:
    """The Idempotency-Key, if one was sent.

    Raises:
        BadRequest: it is empty, too long, or holds what is not printable ASCII.
    """
    key = headers.get("Idempotency-Key")
    if key is None or (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        return key
    raise BadRequest(
        f"Idempotency-Key must be 1 to {MAX_KEY} printable ASCII characters; a UUID will do",
        field="Idempotency-Key",
    )
