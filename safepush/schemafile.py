"""A model's OpenAPI document in a JSON file."""

import json
from pathlib import Path
from typing import Any, NoReturn

from safepush.errors import SchemaInvalid

MAX_BYTES = 16 << 20


def read(path: Path) -> Any:
    """What the file at `path` holds.

    Raises:
        SchemaInvalid: there is no such file, it is too large, or it is not JSON.
    """
    try:
        return json.loads(_text(path), parse_constant=_no_number, object_pairs_hook=_object)
    except json.JSONDecodeError as exc:
        place = f"line {exc.lineno}, column {exc.colno}"
        raise SchemaInvalid((), f"is not JSON: {exc.msg} ({place})", str(path)) from exc
    except RecursionError as exc:
        raise SchemaInvalid(
            (), "is not JSON that can be read: nested too deeply", str(path)
        ) from exc
    except UnicodeDecodeError as exc:
        raise SchemaInvalid((), "is not UTF-8", str(path)) from exc
    except ValueError as exc:
        raise SchemaInvalid((), f"is not JSON that can be read: {exc}", str(path)) from exc


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError as exc:
        raise SchemaInvalid((), "there is no such file", str(path)) from exc
    except OSError as exc:
        raise SchemaInvalid((), f"cannot be read ({exc.strerror})", str(path)) from exc
    if len(content) > MAX_BYTES:
        reason = f"is larger than {MAX_BYTES >> 20} MiB; is it a model's OpenAPI document?"
        raise SchemaInvalid((), reason, str(path))
    return content.decode("utf-8-sig")


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"JSON has no {word}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two equal names JSON would silently keep the last."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice[:80]!r} is given twice in one object")
    return made
