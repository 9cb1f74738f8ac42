"""A model's output as JSON can carry it, or a clear word on why it cannot be."""

import math
from collections.abc import Callable
from enum import Enum
from pathlib import PurePath
from typing import Any

MAX_DEPTH = 100
INT_MIN, INT_MAX = -(2**63), 2**64 - 1

#: puts an output file away and answers with where it is now
Keep = Callable[[PurePath], str]


class InvalidOutput(Exception):
    """The output is not what the annotation says, or not JSON."""


def plain(value: Any, keep: Keep, depth: int = 0) -> Any:
    """An output as JSON can carry it; a file becomes `{"__path__": …}`.

    Raises:
        InvalidOutput: it holds something that JSON has no word for.
    """
    kind = value.__class__
    if kind is str:
        return value if value.isascii() else _encodable(value)
    if value is None or kind is bool:
        return value
    if kind is int or kind is float:
        return _number(value)
    if depth > MAX_DEPTH:
        raise InvalidOutput(f"the output is nested more than {MAX_DEPTH} deep")
    if kind is list and are_floats(value):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item, keep, depth + 1) for item in value]
    if isinstance(value, dict):
        return _object(value, keep, depth)
    return _converted(value, keep, depth)


def no_file(path: PurePath) -> str:
    """Takes the place of `Keep` where no file belongs."""
    raise InvalidOutput(f"the output names a file where numbers belong: {path.name}")


def are_floats(values: list[Any]) -> bool:
    """Whether it is all finite floats, as a vector is: seen at C's speed, not one by one."""
    # a sum is not finite if one of them is not; where it is only too large they are looked at
    return set(map(type, values)) == {float} and math.isfinite(sum(values))


def _converted(value: Any, keep: Keep, depth: int) -> Any:
    """What is not JSON's own kind but stands for it."""
    if isinstance(value, PurePath):
        return {"__path__": keep(value)}
    if isinstance(value, Enum):
        return plain(value.value, keep, depth + 1)
    for kind in (str, int, float):  # their subclasses, numpy.float64 among them
        if isinstance(value, kind):
            return plain(kind.__str__(value) if kind is str else kind(value), keep)
    if hasattr(value, "tolist"):  # numbers and arrays of numpy, tensors of torch
        return plain(value.tolist(), keep, depth + 1)
    if hasattr(type(value), "model_fields"):  # a model of pydantic
        return _object(
            {name: getattr(value, name) for name in type(value).model_fields}, keep, depth
        )
    if hasattr(value, "__dataclass_fields__"):
        fields = {name: getattr(value, name) for name in value.__dataclass_fields__}
        return _object(fields, keep, depth)
    hint = "; give a Path to a file, or base64 text" if isinstance(value, bytes) else ""
    raise InvalidOutput(f"the output holds a {type(value).__name__}, which is not JSON{hint}")


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidOutput("the output holds half of a surrogate pair, not text") from None
    return text


def _number(value: float) -> float:
    if not math.isfinite(value) if value.__class__ is float else not INT_MIN <= value <= INT_MAX:
        what = "an integer of more than 64 bits" if isinstance(value, int) else str(value)
        raise InvalidOutput(f"the output holds {what}, which JSON cannot carry")
    return value


def _object(value: dict[Any, Any], keep: Keep, depth: int) -> dict[str, Any]:
    made = {_key(key): plain(item, keep, depth + 1) for key, item in value.items()}
    if len(made) < len(value):
        raise InvalidOutput("two keys of the output are the same text")
    if "__path__" in made:
        raise InvalidOutput("the output has the key __path__, which is ours; give a Path instead")
    return made


def _key(key: Any) -> str:
    """A key by the rules of the json module."""
    if isinstance(key, Enum):
        key = key.value
    if isinstance(key, str):
        return _encodable(str.__str__(key))
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, int):
        return int.__repr__(key)
    if isinstance(key, float) and math.isfinite(key):
        return float.__repr__(key)
    raise InvalidOutput(f"a key of the output is a {type(key).__name__}; keys must be text")


def _numbers(values: list[Any]) -> bool:
    return set(map(type, values)) <= {int, float}


def conforms(value: Any, shape: dict[str, Any]) -> bool:
    """Whether a plain output is of the declared kind."""
    kind = shape.get("type")
    if kind == "string":
        is_file = isinstance(value, dict) and "__path__" in value
        return is_file if shape.get("format") == "uri" else isinstance(value, str)
    if kind == "array":
        items = shape.get("items", {})
        if items.get("type") == "number" and isinstance(value, list) and _numbers(value):
            return True
        return isinstance(value, list) and all(conforms(item, items) for item in value)
    kinds: dict[str, tuple[type, ...]] = {
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
    }
    if kind in kinds:
        wanted = kinds[kind]
        return isinstance(value, wanted) and (kind == "boolean" or not isinstance(value, bool))
    return True
