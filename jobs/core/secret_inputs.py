"""Secret inputs: told to the model alone, shown to nobody, forgotten when the run has ended."""

from collections.abc import Callable, Mapping
from typing import Any

#: what is shown in the place of a secret, as Cog's own Secret shows itself
STARS = "**********"
#: keeps a secret apart from other inputs, wherever an input is kept
_MARK = "penstock.secret"
_CONTAINERS = frozenset({dict, list})


def fields(document: Mapping[str, Any]) -> frozenset[str]:
    """The inputs that are declared as cog.Secret, or as lists of them."""
    properties = document["components"]["schemas"]["Input"].get("properties", {})
    return frozenset(
        name
        for name, shape in properties.items()
        if "password" in (shape.get("format"), shape.get("items", {}).get("format"))
    )


def marked(given: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """An input as it is kept: its secrets can be told from the rest."""
    names = fields(document) & given.keys()
    return given | {name: _mark(given[name]) for name in names} if names else given


def opened(given: dict[str, Any]) -> dict[str, Any]:
    """The input as the model is to have it."""
    return _changed(given, lambda secret: secret[_MARK])


def shown(given: dict[str, Any]) -> dict[str, Any]:
    """The input as anybody may see it, its owner included."""
    return _changed(given, lambda secret: STARS)


def forgotten(given: dict[str, Any]) -> dict[str, Any]:
    """The input once nobody needs its secrets; the very same if it has none."""
    return _changed(given, lambda secret: {_MARK: None})


def _mark(value: Any) -> Any:
    if isinstance(value, list):
        return [_mark(item) for item in value]
    return {_MARK: value} if isinstance(value, str) else value


def _changed(given: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    for value in given.values():  # nearly always one that cannot be
        if value.__class__ in _CONTAINERS and _holds_one(value):
            break
    else:
        return given
    return {name: _one_changed(value, change) for name, value in given.items()}


def _one_changed(value: Any, change: Callable[[dict[str, Any]], Any]) -> Any:
    if isinstance(value, list):
        return [_one_changed(item, change) for item in value]
    return change(value) if _is_one(value) else value


def _holds_one(value: Any) -> bool:
    return _is_one(value) or (isinstance(value, list) and any(map(_is_one, value)))


def _is_one(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {_MARK}
