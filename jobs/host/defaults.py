"""A default must be an input that the schema itself would take."""

import re
from pathlib import PurePath
from typing import Any

from jobs.host.badmodel import BadModel

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
}


def checked(name: str, value: Any, made: dict[str, Any], choices: list[Any] | None) -> Any:
    """The default as JSON has it.

    Raises:
        BadModel: who sends back the default that the schema tells would be refused.
    """
    if isinstance(value, PurePath):
        value = str(value)
    why = None if value is None else _fault(value, made, choices)
    if why:
        raise BadModel(f"the default of the input {name} is {value!r}, which {why}")
    return value


def _fault(value: Any, made: dict[str, Any], choices: list[Any] | None) -> str | None:
    kind = made.get("type")
    if choices is not None:
        given = list(value) if kind == "array" and isinstance(value, (list, tuple)) else [value]
        return None if all(one in choices for one in given) else "is not one of its choices"
    if not _is(value, kind):
        return f"is not of its type, {kind}"
    if isinstance(value, (int, float)):
        return _beyond(value, made, "minimum", "maximum")
    if isinstance(value, str) and kind == "string":
        if "pattern" in made and not re.search(made["pattern"], value):
            return "does not match its regex"
        return _beyond(len(value), made, "minLength", "maxLength")
    return None


def _is(value: Any, kind: str | None) -> bool:
    if kind == "integer":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and value % 1 == 0
    if kind == "number" and isinstance(value, bool):
        return False
    return kind is None or isinstance(value, _KINDS.get(kind, (object,)))


def _beyond(value: float, made: dict[str, Any], least: str, most: str) -> str | None:
    if least in made and value < made[least]:
        return f"is below its least, {made[least]}"
    if most in made and value > made[most]:
        return f"is above its most, {made[most]}"
    return None
