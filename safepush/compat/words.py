"""Single words of a schema, each checked where it is read."""

import json
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from urllib.parse import unquote

from safepush.compat.shapes import Bound, exact
from safepush.errors import SchemaInvalid

Place = tuple[str, ...]
Schema = Mapping[str, Any]

MAX_WRITTEN = 2_000
_VALUE_DEPTH = 24


def words(schema: Schema, word: str, place: Place) -> list[Any]:
    """A list, empty where there is none."""
    told = schema.get(word, [])
    if not isinstance(told, list):
        raise SchemaInvalid((*place, word), "must be a list")
    return told


def flag(schema: Schema, word: str, place: Place) -> bool:
    """True or false, false where nothing is said."""
    told = schema.get(word, False)
    if not isinstance(told, bool):
        raise SchemaInvalid((*place, word), "must be true or false")
    return told


def number(schema: Schema, word: str, place: Place) -> Fraction | None:
    """A number, exactly as it is written."""
    told = schema.get(word)
    if told is None:
        return None
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
        raise SchemaInvalid((*place, word), "must be a number")
    return exact(told)


def size(schema: Schema, word: str, place: Place) -> int | None:
    """A length or a count."""
    told = number(schema, word, place)
    if told is None:
        return None
    if told.denominator != 1 or told < 0:
        raise SchemaInvalid((*place, word), "must be a whole number, not below 0")
    return int(told)


def bound(schema: Schema, word: str, exclusive: str, place: Place) -> Bound | None:
    """A limit in either spelling: OpenAPI 3.0 says true beside it, 3.1 gives a number."""
    value = number(schema, word, place)
    told = schema.get(exclusive)
    if isinstance(told, bool) or told is None:
        return None if value is None else Bound(value, told is True)
    outer = number(schema, exclusive, place)
    if outer is None or value is None:
        return None if outer is None else Bound(outer, True)
    is_tighter = outer >= value if word == "minimum" else outer <= value
    return Bound(outer, True) if is_tighter else Bound(value)


def check_value(value: Any, place: Place, depth: int = 0) -> None:
    """Raise SchemaInvalid for a value (of a default or a choice) that JSON does not have."""
    if depth > _VALUE_DEPTH:
        raise SchemaInvalid(place, "is a value nested too deeply")
    if isinstance(value, float) and not math.isfinite(value):
        raise SchemaInvalid(place, "is a number that JSON does not have")
    members = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for member in members:
            check_value(member, place, depth + 1)


def written(document: Schema, value: Any, place: Place) -> str:
    """A part of a schema as text that is equal where the part is, each $ref by what it names."""
    left = [MAX_WRITTEN]

    def whole(part: Any, depth: int) -> Any:
        left[0] -= 1
        if left[0] < 0 or depth > _VALUE_DEPTH:
            raise SchemaInvalid(place, "is more than is compared of what we do not look into")
        if isinstance(part, list):
            return [whole(one, depth + 1) for one in part]
        if not isinstance(part, Mapping):
            return part
        made = {name: whole(one, depth + 1) for name, one in part.items()}
        if "$ref" in part:
            made["$ref"] = whole(target(document, part["$ref"], place), depth + 1)
        return made

    return json.dumps(whole(value, 0), sort_keys=True, default=str)


def target(document: Schema, ref: Any, place: Place) -> Any:
    """What a local $ref names."""
    if not isinstance(ref, str) or not ref.startswith("#"):
        raise SchemaInvalid(place, "leads out of the document; only #/... is followed")
    found: Any = document
    for step in filter(None, unquote(ref[1:]).split("/")):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, Mapping) and name in found:
            found = found[name]
        else:
            raise SchemaInvalid(place, f"leads to {ref}, which is not in the document")
    return found
